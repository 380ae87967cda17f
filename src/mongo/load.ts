/** A dump's records, written into an empty database. */

import type { Db, Document } from 'mongodb';
import type { Connected } from './connect.js';
import type { DumpRecord } from './dump-records.js';
import { inOurWord } from './failures.js';
import { ensureIndexes } from './indexes.js';
import { FenceWatch } from './load-fences.js';
import { readDump, type DumpedDocument, type DumpSummary } from './read-dump.js';
import { restoreMark, type MigrationRow } from './migrations.js';
import type { RestoreMark } from './restore-mark.js';

const documentsPerBatch = 500;
const bytesPerBatch = 4 * 1024 * 1024;

/**
 * Writes a whole dump under a restore's mark; the reader must have gone through it once already. A process that dies in between
 * leaves a database that no gateway starts on and that may be restored into again. `leaseOf` names the lease of an owner's session.
 * Throws NOT_EMPTY, STALE_FENCE, STORE_FULL, MONGODB_UNREACHABLE.
 */
export async function loadDump(
  { db, hosts }: Connected,
  mark: RestoreMark,
  records: AsyncIterable<DumpRecord>,
  options: {
    readonly leaseOf: (owner: string) => string;
    /** Documents that are left out. */
    readonly skips?: (dumped: DumpedDocument) => boolean;
    readonly onProgress: (collection: string, documents: number) => void;
    /** Called when everything is written and the mark still stands. */
    readonly finish: () => Promise<void>;
  },
): Promise<DumpSummary> {
  try {
    await mark.begin();
    await clear(db, mark);
    await ensureIndexes(db);
    const fences = new FenceWatch();
    const batch = new Batch(db, mark, options.onProgress);
    const summary = await readDump(records, async (dumped, bytes) => {
      fences.see(dumped);
      if (options.skips?.(dumped) !== true) await batch.add(dumped, bytes);
    });
    await batch.flush();
    await mark.confirm();
    await fences.write(db, options.leaseOf);
    await options.finish();
    return summary;
  } catch (error) {
    throw inOurWord(error, hosts);
  }
}

/** What an earlier restore has left, and the steps: which ones the database has been through, the dump says. */
async function clear(db: Db, mark: RestoreMark): Promise<void> {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    await mark.confirm();
    if (name === 'migrations')
      await db.collection<MigrationRow>(name).deleteMany({ _id: { $ne: restoreMark } });
    else if (!name.startsWith('system.')) await db.collection(name).drop();
  }
}

/** Documents of one collection on their way in. */
class Batch {
  readonly #db: Db;
  readonly #mark: RestoreMark;
  readonly #onProgress: (collection: string, documents: number) => void;
  #collection = '';
  #documents: Document[] = [];
  #bytes = 0;
  #written = 0;

  constructor(db: Db, mark: RestoreMark, onProgress: (collection: string, documents: number) => void) {
    this.#db = db;
    this.#mark = mark;
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
    await this.#mark.confirm();
    await this.#db.collection(this.#collection).insertMany(this.#documents, { ordered: false });
    this.#written += this.#documents.length;
    this.#onProgress(this.#collection, this.#written);
    this.#documents = [];
    this.#bytes = 0;
  }
}
