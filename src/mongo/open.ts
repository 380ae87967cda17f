/** The repositories over one MongoDB, a real one or the embedded store: both are opened by URL. */

import { connectDatabase, openingError } from './connect.js';
import type { Time } from './held.js';
import { machineTime, migrate } from './migrate.js';
import { repositoriesOf, type Repositories } from './repositories.js';

export { clientOptions } from './connect.js';

export interface OpenedStore extends Repositories {
  close(): Promise<void>;
}

/**
 * Connects, brings the database up to this version, answers the repositories. Throws MONGODB_UNREACHABLE, CONFIG_INVALID for a
 * malformed URL, and what `migrate` throws.
 */
export async function openStore(
  url: string,
  database?: string,
  time: Time = machineTime,
): Promise<OpenedStore> {
  const { db, hosts, close } = await connectDatabase(url, database);
  try {
    await migrate(db, time);
    return { ...repositoriesOf(db, hosts), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw openingError(error, hosts);
  }
}
