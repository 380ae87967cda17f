/** What every command stands on: the store and the key ring. */

import type { Settings } from '../config/settings.js';
import {
  joinEmbeddedStore,
  openEmbeddedStore,
  type EmbeddedStore,
  type StoreUsage,
} from '../embedded/index.js';
import { openStore, type OpenedStore } from '../mongo/open.js';
import { GatewayError } from '../domain/errors.js';
import type { KeyRing, Log } from '../ports/runtime.js';
import { createKeyRing } from '../runtime/keyring.js';

export interface Installation {
  readonly store: OpenedStore;
  readonly keyring: KeyRing;
  /** Nobody else can be at work on these rows: the data directory is locked by this process. */
  readonly alone: boolean;
  close(): Promise<void>;
}

/** Who watches over a store of our own. */
export interface StoreWatch {
  readonly log: Log;
  /** Called when the store has died: the process is of no use any more. */
  readonly fail: (error: GatewayError) => void;
}

/**
 * Opens the store that the settings name. Embedded: takes the directory's lock, or, where `join` allows it, speaks to the
 * process that holds it. `watch` hears when a store of our own fills up or dies; `signal` calls off the wait for another process that
 * migrates. Throws DIRECTORY_IN_USE, MONGODB_UNREACHABLE, CONFIG_INVALID, and the signal's reason.
 */
export async function openInstallation(
  settings: Settings,
  mode: 'own' | 'join',
  watch?: StoreWatch,
  signal?: AbortSignal,
): Promise<Installation> {
  const keyring = createKeyRing(settings.secrets.keys);
  const { mongodbUrl } = settings.secrets;
  if (mongodbUrl !== undefined) {
    const store = await openStore(mongodbUrl, undefined, signal);
    return { store, keyring, alone: false, close: () => store.close() };
  }
  const directory = settings.config.dataDir;
  const living = mode === 'join' ? await joinEmbeddedStore(directory) : undefined;
  if (living !== undefined) {
    const store = await openStore(living.url, undefined, signal);
    return { store, keyring, alone: false, close: () => store.close() };
  }
  const embedded = await openDirectory(directory, watch);
  const store = await openStore(embedded.url, undefined, signal).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  return {
    store,
    keyring,
    alone: true,
    async close() {
      await store.close();
      await embedded.close();
    },
  };
}

/** Takes the lock of a data directory and opens its store. Throws DIRECTORY_IN_USE, CONFIG_INVALID. */
export async function openDirectory(directory: string, watch?: StoreWatch): Promise<EmbeddedStore> {
  try {
    return await openEmbeddedStore({
      directory,
      onUsage: (usage) => tellUsage(watch?.log, usage),
      onDeath: (error) => {
        watch?.log.error('store-died', {}, error);
        watch?.fail(error);
      },
    });
  } catch (error) {
    throw directoryError(error, directory);
  }
}

/** At 95 per cent somebody must act: above the cap nothing new is taken. */
function tellUsage(log: Log | undefined, { usedBytes, capBytes, level }: StoreUsage): void {
  log?.[level === 95 ? 'error' : 'warn']('store-filling', { usedBytes, capBytes, level });
}

/** What the file system refuses is the directory's fault: its code says why. */
function directoryError(error: unknown, directory: string): unknown {
  if (error instanceof GatewayError || !(error instanceof Error) || !('code' in error)) return error;
  return new GatewayError(
    'CONFIG_INVALID',
    `DATA_DIR ${directory} cannot be used (${String(error.code)}); give a directory that this user may make and write, for example DATA_DIR=./sessions.`,
    { cause: error },
  );
}
