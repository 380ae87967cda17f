/** The repositories over a store of their own, with every command that the driver sends for them written down. */

import { rmSync } from 'node:fs';
import { MongoClient, type Db, type Document } from 'mongodb';
import { openEmbeddedStore } from '../../../src/embedded/index.js';
import { ensureIndexes } from '../../../src/mongo/indexes.js';
import { clientOptions } from '../../../src/mongo/open.js';
import { repositoriesOf, type Repositories } from '../../../src/mongo/repositories.js';
import { scratchDirectory } from '../../support/scratch.js';

export interface SentCommand {
  readonly name: string;
  readonly collection: string;
  /** As the driver sends it, without what it adds for the session. */
  readonly command: Document;
}

export interface Observed {
  readonly db: Db;
  readonly store: Repositories;
  /** What the work has led to, in the order of sending. */
  during(work: () => Promise<unknown>): Promise<SentCommand[]>;
  close(): Promise<void>;
}

/** `MONGODB_URL` instead of the embedded store where it is set, in a database that is dropped at the end. */
export async function openObserved(): Promise<Observed> {
  const directory = scratchDirectory();
  const real = process.env['MONGODB_URL'];
  const embedded = real === undefined ? await openEmbeddedStore({ directory }) : undefined;
  const client = new MongoClient(embedded?.url ?? real ?? '', { ...clientOptions, monitorCommands: true });
  await client.connect();
  const db = client.db(`understudy-observed-${process.pid}`);
  await ensureIndexes(db);
  const seen: SentCommand[] = [];
  client.on('commandStarted', ({ commandName, command, databaseName }) => {
    const collection: unknown = command[commandName];
    if (databaseName !== db.databaseName || typeof collection !== 'string') return;
    seen.push({ name: commandName, collection, command: bare(command) });
  });
  return {
    db,
    store: repositoriesOf(db, 'here'),
    async during(work) {
      seen.length = 0;
      await work();
      return seen.splice(0);
    },
    async close() {
      await db.dropDatabase();
      await client.close();
      await embedded?.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const addedByDriver: ReadonlySet<string> = new Set([
  'lsid',
  'txnNumber',
  '$db',
  '$clusterTime',
  '$readPreference',
  'writeConcern',
  'readConcern',
]);

function bare(command: Document): Document {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !addedByDriver.has(name)));
}
