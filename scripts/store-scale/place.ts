/** A store that is opened and closed again and again: one on this machine, or a database of a MongoDB. */

import { MongoClient, type Db } from 'mongodb';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { Store } from '../../src/embedded/storage/store.js';
import { clientOptions, openStore, type OpenedStore } from '../../src/mongo/open.js';
import type { Size } from '../../test/mongo/scale/rows.js';

export interface Place {
  /** `embedded` or `mongodb`. */
  readonly kind: string;
  readonly size: Size;
  /** Opens it as a gateway does; each part under its name. */
  open(timed: Timed): Promise<Opened>;
  /** Opens and closes what lies below the server; nothing where that is not ours. */
  storageAlone(timed: Timed): Promise<void>;
}

export interface Opened {
  readonly store: OpenedStore;
  /** The same documents, for loading and asking. */
  readonly db: Db;
  close(): Promise<void>;
}

export type Timed = <T>(name: string, work: () => Promise<T> | T) => Promise<T>;

const database = 'understudy';

/** Twice the default: a measurement shall not end at the cap. */
const capBytes = 32 * 1024 ** 3;

export function embeddedPlace(directory: string, size: Size): Place {
  return {
    kind: 'embedded',
    size,
    async open(timed) {
      const embedded = await timed('start: the server', () =>
        openEmbeddedStore({ directory, mapBytes: capBytes }),
      );
      const opened = await openDatabase(embedded.url, database, timed);
      return {
        ...opened,
        async close() {
          await opened.close();
          await embedded.close();
        },
      };
    },
    async storageAlone(timed) {
      const store = await timed(
        'start: the storage alone',
        () => new Store(join(directory, 'store'), capBytes),
      );
      await store.env.close();
    },
  };
}

export function mongodbPlace(url: string, name: string, size: Size): Place {
  return {
    kind: 'mongodb',
    size,
    open: (timed) => openDatabase(url, name, timed),
    storageAlone: async () => undefined,
  };
}

async function openDatabase(url: string, name: string, timed: Timed): Promise<Opened> {
  const store = await timed('start: the repositories', () => openStore(url, name));
  const client = await MongoClient.connect(url, clientOptions);
  return {
    store,
    db: client.db(name),
    async close() {
      await client.close();
      await store.close();
    },
  };
}

export async function dropDatabases(url: string, names: readonly string[]): Promise<void> {
  const client = await MongoClient.connect(url, clientOptions);
  for (const name of names) await client.db(name).dropDatabase();
  await client.close();
}
