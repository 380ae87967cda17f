import { Int32 } from 'bson';
import { decode } from '../bson/decode.js';
import { encode } from '../bson/encode.js';
import { isDoc, numberOf, type Doc, type Value } from '../bson/value.js';
import type { Path } from '../query/paths.js';
import { after } from './keys.js';
import type { Environment } from './environment.js';

/** Kinds of rows by their first byte. */
export const kind = { meta: 0x01, catalog: 0x02, document: 0x03, entry: 0x04, session: 0x05 } as const;

export interface IndexField {
  readonly name: string;
  readonly path: Path;
  readonly direction: 1 | -1;
}

export interface Index {
  readonly number: number;
  readonly name: string;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  /** The filter of a partial index: equality and `$exists: true`. */
  readonly partial: Doc | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** Per field: some document has an array on its path. Never turned back. */
  readonly multikey: boolean[];
  /** Some key was cut, so the order of this index is not BSON's order. */
  cut: boolean;
}

export interface Collection {
  readonly number: number;
  readonly database: string;
  readonly name: string;
  indexes: Index[];
  /** Those whose first entries are not committed yet: written by everybody, read by nobody. */
  readonly building: Set<Index>;
  documents: number;
  /** Bytes of documents and index entries. */
  bytes: number;
  nextRecord: number;
}

/** What exists: kept in memory, written with the transaction that changes it, read again after one that was given up. */
export class Catalog {
  readonly #env: Environment;
  #collections = new Map<string, Collection>();
  #nextNumber = 1;
  #dirty = new Set<Collection>();

  constructor(env: Environment) {
    this.#env = env;
    this.#load();
    env.onTransaction({
      beforeCommit: () => this.#save(),
      afterCommit: () => this.#finishBuilding(),
      afterAbort: () => this.#load(),
    });
  }

  find(database: string, name: string): Collection | undefined {
    return this.#collections.get(`${database}.${name}`);
  }

  all(): Collection[] {
    return [...this.#collections.values()];
  }

  /** All bytes that documents and entries take. */
  get bytes(): number {
    let sum = 0;
    for (const collection of this.#collections.values()) sum += collection.bytes;
    return sum;
  }

  /** Inside a transaction. */
  create(database: string, name: string): Collection {
    const collection: Collection = {
      number: this.takeNumber(),
      database,
      name,
      indexes: [],
      building: new Set(),
      documents: 0,
      bytes: 0,
      nextRecord: 1,
    };
    const fields: IndexField[] = [{ name: '_id', path: ['_id'], direction: 1 }];
    collection.indexes.push({
      number: this.takeNumber(),
      name: '_id_',
      fields,
      unique: true,
      sparse: false,
      partial: undefined,
      expireAfterSeconds: undefined,
      multikey: [false],
      cut: false,
    });
    this.#collections.set(`${database}.${name}`, collection);
    this.changed(collection);
    return collection;
  }

  /** Inside a transaction; the rows of the collection are the caller's to remove. */
  drop(collection: Collection): void {
    this.#collections.delete(`${collection.database}.${collection.name}`);
    this.#dirty.delete(collection);
    this.#env.remove(catalogKey(collection.number));
  }

  /** To be written with the running transaction. */
  changed(collection: Collection): void {
    this.#dirty.add(collection);
  }

  /** A number for a collection or an index; never given twice. */
  takeNumber(): number {
    const number = this.#nextNumber++;
    const row = Buffer.alloc(4);
    row.writeUInt32BE(this.#nextNumber);
    this.#env.put(Buffer.from([kind.meta]), row);
    return number;
  }

  #save(): void {
    for (const collection of this.#dirty) {
      this.#env.put(catalogKey(collection.number), encode(collectionRow(collection)));
    }
    this.#dirty.clear();
  }

  #finishBuilding(): void {
    for (const { building } of this.#collections.values()) building.clear();
  }

  #load(): void {
    this.#dirty.clear();
    this.#collections = new Map();
    this.#nextNumber = this.#env.get(Buffer.from([kind.meta]))?.readUInt32BE(0) ?? 1;
    const prefix = Buffer.from([kind.catalog]);
    for (const row of this.#env.rows({ start: prefix, end: after(prefix) }, Infinity)) {
      const collection = readCollection(decode(row.value));
      this.#collections.set(`${collection.database}.${collection.name}`, collection);
    }
  }
}

function catalogKey(number: number): Buffer {
  const key = Buffer.alloc(5);
  key[0] = kind.catalog;
  key.writeUInt32BE(number, 1);
  return key;
}

function collectionRow(collection: Collection): Doc {
  return new Map<string, Value>([
    ['number', collection.number],
    ['database', collection.database],
    ['name', collection.name],
    ['documents', collection.documents],
    ['bytes', collection.bytes],
    ['nextRecord', collection.nextRecord],
    ['indexes', collection.indexes.map(indexRow)],
  ]);
}

function indexRow(index: Index): Doc {
  const row: Doc = new Map<string, Value>([
    ['number', index.number],
    ['name', index.name],
    ['key', keyPattern(index)],
    ['unique', index.unique],
    ['sparse', index.sparse],
    ['multikey', [...index.multikey]],
    ['cut', index.cut],
  ]);
  if (index.partial) row.set('partial', index.partial);
  if (index.expireAfterSeconds !== undefined) row.set('expireAfterSeconds', index.expireAfterSeconds);
  return row;
}

/** `{field: 1 | -1, …}` */
export function keyPattern(index: Pick<Index, 'fields'>): Doc {
  return new Map(index.fields.map((field) => [field.name, new Int32(field.direction)]));
}

export function indexFields(pattern: Doc): IndexField[] {
  return [...pattern].map(([name, direction]) => ({
    name,
    path: name.split('.'),
    direction: (numberOf(direction) ?? 1) < 0 ? -1 : 1,
  }));
}

function readCollection(row: Doc): Collection {
  const indexes = row.get('indexes');
  return {
    number: numberOf(row.get('number')) ?? 0,
    database: text(row, 'database'),
    name: text(row, 'name'),
    documents: numberOf(row.get('documents')) ?? 0,
    bytes: numberOf(row.get('bytes')) ?? 0,
    nextRecord: numberOf(row.get('nextRecord')) ?? 1,
    indexes: Array.isArray(indexes) ? indexes.filter(isDoc).map(readIndex) : [],
    building: new Set(),
  };
}

function readIndex(row: Doc): Index {
  const key = row.get('key');
  const partial = row.get('partial');
  const multikey = row.get('multikey');
  return {
    number: numberOf(row.get('number')) ?? 0,
    name: text(row, 'name'),
    fields: isDoc(key) ? indexFields(key) : [],
    unique: row.get('unique') === true,
    sparse: row.get('sparse') === true,
    partial: isDoc(partial) ? partial : undefined,
    expireAfterSeconds: numberOf(row.get('expireAfterSeconds')),
    multikey: Array.isArray(multikey) ? multikey.map((flag) => flag === true) : [],
    cut: row.get('cut') === true,
  };
}

function text(row: Doc, name: string): string {
  const value = row.get(name);
  return typeof value === 'string' ? value : '';
}
