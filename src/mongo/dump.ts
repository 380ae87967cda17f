/** A whole database as one stream of records, read while others write. What that means: dump-order.ts. */

import type { ClientSession } from 'mongodb';
import type { Connected } from './connect.js';
import { dumpOrder } from './dump-order.js';
import { encodeRecord, type DumpEnd } from './dump-records.js';
import { inOurWord } from './failures.js';
import { pendingMigrations, type MigrationRow } from './migrations.js';

export interface DumpOptions {
  /** Also the sealed keys of the sessions. */
  readonly sessions: boolean;
  /** Unix ms, for the archive's head. */
  readonly now: number;
  /** Told after every thousandth document and at the end of each collection. */
  readonly onProgress: (collection: string, documents: number, isDone: boolean) => void;
}

const documentsPerBatch = 500;
const tellEvery = 1000;

/**
 * The records as bytes; a batch of documents is in memory at a time. Ends with what was counted, which `onEnd` is told too. Writes
 * nothing. Throws RESTORE_UNFINISHED, VERSION_TOO_OLD, MONGODB_UNREACHABLE.
 */
export async function* dumpDatabase(
  database: Connected,
  options: DumpOptions,
  onEnd: (end: DumpEnd) => void,
): AsyncGenerator<Buffer, void, undefined> {
  // Reads in one causal session follow one another on every member of a replica set, also when the primary changes.
  const session = database.client.startSession({ causalConsistency: true });
  try {
    yield* records({ ...database, session }, options, onEnd);
  } catch (error) {
    throw inOurWord(error, database.hosts);
  } finally {
    await session.endSession().catch(() => undefined);
  }
}

type Reading = Pick<Connected, 'db'> & { readonly session: ClientSession };

async function* records(
  reading: Reading,
  { sessions, now, onProgress }: DumpOptions,
  onEnd: (end: DumpEnd) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const { db, session } = reading;
  await pendingMigrations(db);
  const steps = await db.collection<MigrationRow>('migrations').find({}, { session }).toArray();
  const head = { takenAt: now, sessions, migrations: steps.map((row) => row._id) };
  yield encodeRecord({ kind: 'head', head });
  const there = await db.listCollections({}, { nameOnly: true }).toArray();
  const names = dumpOrder(
    there.map(({ name }) => name),
    { sessions },
  );
  let documents = 0;
  for (const name of names) {
    yield encodeRecord({ kind: 'collection', name });
    let count = 0;
    for await (const bytes of documentsOf(reading, name)) {
      yield encodeRecord({ kind: 'document', bytes });
      count += 1;
      if (count % tellEvery === 0) onProgress(name, count, false);
    }
    onProgress(name, count, true);
    documents += count;
  }
  const end = { collections: names.length, documents };
  yield encodeRecord({ kind: 'end', end });
  onEnd(end);
}

/** In the order of `_id`, which no write changes: what is there throughout is read exactly once. */
async function* documentsOf(
  { db, session }: Reading,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const cursor = db
    .collection(name)
    .find({}, { raw: true, session, readConcern: { level: 'majority' }, batchSize: documentsPerBatch })
    .sort({ _id: 1 });
  // With `raw` the driver yields the stored bytes, which its types do not say.
  for await (const bytes of cursor) yield bytes as unknown as Uint8Array;
}
