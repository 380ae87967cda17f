/** A dump's records, written into an empty database. */

import type { Db, Document } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import type { Connected } from './connect.js';
import type { DumpRecord } from './dump-records.js';
import { inOurWord } from './failures.js';
import { ensureIndexes } from './indexes.js';
import { FenceWatch } from './load-fences.js';
import { readDump, type DumpedDocument, type DumpSummary } from './read-dump.js';
import { refuseUnknown, restoreMark, type MigrationRow } from './migrations.js';

const documentsPerBatch = 500;
const bytesPerBatch = 4 * 1024 * 1024;

/** Throws NOT_EMPTY when the database holds anything but what an opened one has at once, or what a restore that died has left. VERSION_TOO_OLD. */
export async function refuseUnlessEmpty(db: Db, now: number): Promise<void> {
  const steps = await db.collection<MigrationRow>('migrations').find({}).toArray();
  const names = steps.map((row) => row._id);
  const isUnfinished = names.includes(restoreMark);
  refuseUnknown(
    names.filter((name) => name !== restoreMark),
    'The database',
  );
  const free = new Set(['migrations', 'leases', 'identity']);
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('system.') || free.has(name) || isUnfinished) continue;
    if ((await db.collection(name).findOne({})) !== null)
      throw new GatewayError('NOT_EMPTY', `rows in ${name}`);
  }
  if ((await db.collection('leases').findOne({ until: { $gt: now } })) !== null)
    throw new GatewayError('NOT_EMPTY', 'a gateway that is running');
}

/**
 * Writes a whole dump; the reader must have gone through it once already. A mark stands before the first and until after the last
 * write: a process that dies in between leaves a database that no gateway starts on and that may be restored into again.
 * `leaseOf` names the lease of an owner's session. Throws STORE_FULL, MONGODB_UNREACHABLE.
 */
export async function loadDump(
  { db, hosts }: Connected,
  records: AsyncIterable<DumpRecord>,
  options: {
    readonly now: number;
    readonly leaseOf: (owner: string) => string;
    /** Documents that are left out. */
    readonly skips?: (dumped: DumpedDocument) => boolean;
    readonly onProgress: (collection: string, documents: number) => void;
    /** Called when everything is written and the mark still stands. */
    readonly finish: () => Promise<void>;
  },
): Promise<DumpSummary> {
  const marks = db.collection<MigrationRow>('migrations');
  try {
    await marks.updateOne({ _id: restoreMark }, { $set: { at: new Date(options.now) } }, { upsert: true });
    await clear(db);
    await ensureIndexes(db);
    const fences = new FenceWatch();
    const batch = new Batch(db, options.onProgress);
    const summary = await readDump(records, async (dumped, bytes) => {
      fences.see(dumped);
      if (options.skips?.(dumped) !== true) await batch.add(dumped, bytes);
    });
    await batch.flush();
    await fences.write(db, options.leaseOf);
    await options.finish();
    await marks.deleteOne({ _id: restoreMark });
    return summary;
  } catch (error) {
    throw inOurWord(error, hosts);
  }
}

/** What an earlier restore has left, and the steps: which ones the database has been through, the dump says. */
async function clear(db: Db): Promise<void> {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (name === 'migrations')
      await db.collection<MigrationRow>(name).deleteMany({ _id: { $ne: restoreMark } });
    else if (!name.startsWith('system.')) await db.collection(name).drop();
  }
}

/** Documents of one collection on their way in. */
class Batch {
  readonly #db: Db;
  readonly #onProgress: (collection: string, documents: number) => void;
  #collection = '';
  #documents: Document[] = [];
  #bytes = 0;
  #written = 0;

  constructor(db: Db, onProgress: (collection: string, documents: number) => void) {
    this.#db = db;
    this.#onProgress = onProgress;
  }

  async add({ collection, document }: DumpedDocument, bytes: number): Promise<void> {
    const isFull = this.#documents.length >= documentsPerBatch || this.#bytes + bytes > bytesPerBatch;
    if (collection !== this.#collection || isFull) await this.flush();
    if (collection !== this.#collection) this.#written = 0;
    this.#collection = collection;
    this.#documents.push(document);
    this.#bytes += bytes;
  }

  async flush(): Promise<void> {
    if (this.#documents.length === 0) return;
    await this.#db.collection(this.#collection).insertMany(this.#documents, { ordered: false });
    this.#written += this.#documents.length;
    this.#onProgress(this.#collection, this.#written);
    this.#documents = [];
    this.#bytes = 0;
  }
}
