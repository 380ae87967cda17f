import { decode } from '../bson/decode.js';
import { encode, maxDocumentBytes } from '../bson/encode.js';
import { equal } from '../bson/compare.js';
import { isDoc, rank, rankOf, type Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { Catalog, type Collection, type Index } from './catalog.js';
import {
  documentKey,
  documentPrefix,
  duplicate,
  entriesOf,
  indexPrefix,
  recordAt,
  recordBytes,
  type Entry,
} from './entries.js';
import { Environment } from './environment.js';
import { after } from './keys.js';
import { reserveShare } from '../usage.js';

/** What a row costs beside its key and value, roughly, in LMDB's pages. */
const rowOverheadBytes = 16;

interface Change {
  readonly removed: readonly Entry[];
  readonly added: readonly (Entry & { index: Index })[];
  readonly bytes: number;
}

/** Documents and their index entries. Every writing method runs inside a transaction and checks before it writes. */
export class Store {
  readonly env: Environment;
  readonly catalog: Catalog;
  readonly #capBytes: number;
  readonly #onBytes: (bytes: number) => void;

  /** `onBytes` hears how many bytes are stored, at the opening and with every change. */
  constructor(path: string, capBytes: number, onBytes: (bytes: number) => void = () => undefined) {
    this.env = new Environment(path);
    this.catalog = new Catalog(this.env);
    this.#capBytes = capBytes;
    this.#onBytes = onBytes;
    onBytes(this.catalog.bytes);
  }

  read(collection: Collection, record: number): Buffer | undefined {
    return this.env.get(documentKey(collection, record));
  }

  /**
   * Adds a document that has an `_id`; the collection is made if it is not there, but not for a document that no
   * collection takes.
   * @throws CommandError 11000, 53 (array, undefined or regex as `_id`), 10334 (over 16 MB), 171, 14031
   */
  insert(database: string, name: string, doc: Doc): void {
    const bytes = encode(doc);
    checkId(doc);
    checkSize(bytes);
    const collection = this.catalog.find(database, name) ?? this.catalog.create(database, name);
    const record = collection.nextRecord;
    const change = this.#change(collection, record, undefined, doc, bytes.length + rowOverheadBytes);
    this.#checkRoom(change, this.#capBytes);
    this.#apply(collection, record, change);
    this.env.put(documentKey(collection, record), bytes);
    collection.nextRecord++;
    collection.documents++;
  }

  /**
   * Puts `next` in the place of `before`; returns whether anything changed.
   * @throws CommandError 66 (other `_id`), 11000, 10334, 171, 14031
   */
  replace(collection: Collection, record: number, before: Buffer, next: Doc): boolean {
    const bytes = encode(next);
    if (bytes.equals(before)) return false;
    const old = decode(before);
    if (!equal(old.get('_id'), next.get('_id')) || !next.has('_id'))
      throw new CommandError(
        66,
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
    checkSize(bytes);
    const change = this.#change(collection, record, old, next, bytes.length - before.length);
    this.#checkRoom(change, this.#capBytes * (1 + reserveShare));
    this.#apply(collection, record, change);
    this.env.put(documentKey(collection, record), bytes);
    return true;
  }

  remove(collection: Collection, record: number, bytes: Buffer): void {
    const change = this.#change(
      collection,
      record,
      decode(bytes),
      undefined,
      -bytes.length - rowOverheadBytes,
    );
    this.#apply(collection, record, change);
    this.env.remove(documentKey(collection, record));
    collection.documents--;
  }

  /** Fills a new index from the documents that are there. @throws CommandError 11000, 171, 14031 */
  build(collection: Collection, index: Index): void {
    for (const { record, doc } of this.#documents(collection)) {
      const change = this.#changeOf(collection, [index], record, undefined, doc, 0);
      this.#checkRoom(change, this.#capBytes);
      this.#apply(collection, record, change);
    }
    collection.indexes.push(index);
    collection.building.add(index);
    this.catalog.changed(collection);
  }

  dropIndex(collection: Collection, index: Index): void {
    collection.bytes -= this.#removeRange(indexPrefix(index));
    collection.indexes = collection.indexes.filter((one) => one !== index);
    this.catalog.changed(collection);
  }

  drop(collection: Collection): void {
    for (const index of collection.indexes) this.#removeRange(indexPrefix(index));
    this.#removeRange(documentPrefix(collection));
    this.catalog.drop(collection);
  }

  *#documents(collection: Collection): Generator<{ record: number; doc: Doc }> {
    const prefix = documentPrefix(collection);
    const range = { start: prefix, end: after(prefix) };
    for (;;) {
      const rows = this.env.rows(range, 500);
      for (const row of rows) yield { record: recordAt(row.key), doc: decode(row.value) };
      const last = rows.at(-1);
      if (!last) return;
      range.start = Buffer.concat([last.key, Buffer.from([0])]);
    }
  }

  #removeRange(prefix: Buffer): number {
    let bytes = 0;
    for (;;) {
      const keys = this.env.keys({ start: prefix, end: after(prefix) }, 1000);
      if (keys.length === 0) return bytes;
      for (const key of keys) {
        bytes += key.length + rowOverheadBytes;
        this.env.remove(key);
      }
    }
  }

  #change(
    collection: Collection,
    record: number,
    before: Doc | undefined,
    next: Doc | undefined,
    bytes: number,
  ): Change {
    return this.#changeOf(collection, collection.indexes, record, before, next, bytes);
  }

  /** Everything but the cap that may forbid a change is found here, before the first byte is written. */
  #changeOf(
    collection: Collection,
    indexes: readonly Index[],
    record: number,
    before: Doc | undefined,
    next: Doc | undefined,
    documentBytes: number,
  ): Change {
    const removed: Entry[] = [];
    const added: (Entry & { index: Index })[] = [];
    let bytes = documentBytes;
    for (const index of indexes) {
      const old = new Map(
        before ? entriesOf(index, before, record).entries.map((entry) => [keyText(entry), entry]) : [],
      );
      for (const entry of next ? this.#entries(collection, index, next, record) : []) {
        if (old.delete(keyText(entry))) continue;
        this.#checkUnique(collection, index, entry);
        added.push({ ...entry, index });
        bytes += entry.key.length + rowOverheadBytes;
      }
      for (const entry of old.values()) bytes -= entry.key.length + rowOverheadBytes;
      removed.push(...old.values());
    }
    return { removed, added, bytes };
  }

  /** What frees bytes is always taken. @throws CommandError 14031 */
  #checkRoom(change: Change, mostBytes: number): void {
    if (change.bytes > 0 && this.catalog.bytes + change.bytes > mostBytes)
      throw new CommandError(14031, `The store has reached its cap of ${this.#capBytes} bytes`);
  }

  #entries(collection: Collection, index: Index, doc: Doc, record: number): readonly Entry[] {
    const { entries, arrays, cut } = entriesOf(index, doc, record);
    for (const [i, isArray] of arrays.entries()) if (isArray) index.multikey[i] = true;
    if (cut) index.cut = true;
    this.catalog.changed(collection);
    return entries;
  }

  #checkUnique(collection: Collection, index: Index, entry: Entry): void {
    if (index.unique && this.env.get(entry.key)) throw duplicate(collection, index, entry.values);
  }

  #apply(collection: Collection, record: number, change: Change): void {
    for (const entry of change.removed) this.env.remove(entry.key);
    const value = recordBytes(record);
    for (const entry of change.added) this.env.put(entry.key, value);
    collection.bytes += change.bytes;
    this.catalog.changed(collection);
    this.#onBytes(this.catalog.bytes);
  }
}

function keyText(entry: Entry): string {
  return entry.key.toString('latin1');
}

function checkId(doc: Doc): void {
  const id = doc.get('_id');
  const place = rankOf(id);
  if (id === undefined || place === rank.array || place === rank.regex || place === rank.undefined)
    throw new CommandError(
      53,
      `The '_id' value cannot be of type ${place === rank.regex ? 'regex' : 'array or undefined'}`,
    );
  if (isDoc(id) && [...id.keys()].some((name) => name.startsWith('$')))
    throw new CommandError(52, "The '_id' value cannot contain fields that start with '$'");
}

function checkSize(bytes: Buffer): void {
  if (bytes.length > maxDocumentBytes)
    throw new CommandError(10334, `The document is larger than the limit of ${maxDocumentBytes} bytes`);
}
