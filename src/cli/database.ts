/** The database as it is, for commands that look at it or move it as a whole: nothing is made or migrated in it. */

import { openDirectory } from '../app/installation.js';
import type { Settings } from '../config/settings.js';
import { joinEmbeddedStore } from '../embedded/index.js';
import { connectDatabase, type Connected } from '../mongo/connect.js';

export interface OpenedDatabase extends Connected {
  /** Nobody else can be at work on it: the data directory is locked by this process. */
  readonly alone: boolean;
}

/**
 * Embedded: takes the directory's lock, or, where `join` allows it, speaks to the process that holds it. Throws DIRECTORY_IN_USE,
 * MONGODB_UNREACHABLE, CONFIG_INVALID.
 */
export async function openDatabase(settings: Settings, mode: 'own' | 'join'): Promise<OpenedDatabase> {
  const { mongodbUrl } = settings.secrets;
  const { dataDir } = settings.config;
  const url = mongodbUrl ?? (mode === 'join' ? (await joinEmbeddedStore(dataDir))?.url : undefined);
  if (url !== undefined) return { ...(await connectDatabase(url)), alone: false };
  const embedded = await openDirectory(dataDir);
  try {
    const connected = await connectDatabase(embedded.url);
    const close = async () => {
      await connected.close();
      await embedded.close();
    };
    return { ...connected, alone: true, close };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}
