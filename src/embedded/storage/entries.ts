import { CommandError } from '../errors.js';
import { matches } from '../query/match.js';
import { parseFilter } from '../query/parse.js';
import { keysAt } from '../query/paths.js';
import type { Doc, Value } from '../bson/value.js';
import { keyPattern, kind, type Collection, type Index } from './catalog.js';
import { KeyWriter, fitted } from './keys.js';

/** One row of an index: its LMDB key and, for a duplicate's message, the values in it. */
export interface Entry {
  readonly key: Buffer;
  readonly values: readonly Value[];
}

export interface Entries {
  readonly entries: readonly Entry[];
  /** Per field: an array stood on its path. */
  readonly arrays: readonly boolean[];
  readonly cut: boolean;
}

/** The rows that an index holds for a document; `record` tells equal keys apart where the index is not unique. */
export function entriesOf(index: Index, doc: Doc, record: number): Entries {
  const { tuples, arrays, exists, parallel } = keysAt(
    doc,
    index.fields.map((field) => field.path),
  );
  const outside =
    (index.sparse && !exists.includes(true)) ||
    (index.partial !== undefined && !matches(parseFilter(index.partial), doc));
  if (outside) return { entries: [], arrays: arrays.map(() => false), cut: false };
  if (parallel) throw new CommandError(171, `cannot index parallel arrays in index ${index.name}`);
  const prefix = indexPrefix(index);
  const tail = index.unique ? Buffer.alloc(0) : recordBytes(record);
  const found = new Map<string, Entry>();
  let cut = false;
  for (const values of tuples) {
    const writer = new KeyWriter();
    for (const [i, field] of index.fields.entries()) writer.field(values[i], field.direction);
    const body = fitted(writer.done());
    cut ||= body.cut;
    const key = Buffer.concat([prefix, body.key, tail]);
    found.set(key.toString('latin1'), { key, values });
  }
  // In the index's own order: of several duplicates MongoDB names the first.
  const entries = [...found.values()];
  return {
    entries: entries.length > 1 ? entries.toSorted((a, b) => a.key.compare(b.key)) : entries,
    arrays,
    cut,
  };
}

export function indexPrefix(index: Index): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = kind.entry;
  prefix.writeUInt32BE(index.number, 1);
  return prefix;
}

export function documentPrefix(collection: Collection): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = kind.document;
  prefix.writeUInt32BE(collection.number, 1);
  return prefix;
}

/** Records are numbered in the order of insertion, which is the natural order. */
export function documentKey(collection: Collection, record: number): Buffer {
  return Buffer.concat([documentPrefix(collection), recordBytes(record)]);
}

const recordLength = 6;

export function recordBytes(record: number): Buffer {
  const bytes = Buffer.alloc(recordLength);
  bytes.writeUIntBE(record, 0, recordLength);
  return bytes;
}

/** The record number at the end of a key or value. */
export function recordAt(bytes: Buffer): number {
  return bytes.readUIntBE(bytes.length - recordLength, recordLength);
}

/** E11000, with what the driver shows of it. */
export function duplicate(collection: Collection, index: Index, values: readonly Value[]): CommandError {
  const keyValue: Doc = new Map(index.fields.map((field, i) => [field.name, values[i] ?? null]));
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${collection.database}.${collection.name} index: ${index.name}`,
    new Map<string, Value>([
      ['keyPattern', keyPattern(index)],
      ['keyValue', keyValue],
    ]),
  );
}
