/** A dump as bytes: records of one letter and one BSON document each. Documents stand there as the database has stored them. */

import { BSON } from 'mongodb';
import { GatewayError } from '../domain/errors.js';

export type DumpRecord =
  /** Once, at the beginning. */
  | { readonly kind: 'head'; readonly head: DumpHead }
  /** The documents that follow belong to it. */
  | { readonly kind: 'collection'; readonly name: string }
  | { readonly kind: 'document'; readonly bytes: Uint8Array }
  /** Once, at the end: what there must have been. */
  | { readonly kind: 'end'; readonly end: DumpEnd };

export interface DumpHead {
  /** Unix ms. */
  readonly takenAt: number;
  /** Whether the sessions' sealed keys are in it. */
  readonly sessions: boolean;
  /** The steps that the database had been through. */
  readonly migrations: readonly string[];
}

export interface DumpEnd {
  readonly collections: number;
  readonly documents: number;
}

const letters = { head: 'H', collection: 'C', document: 'D', end: 'E' } as const;
/** MongoDB's limit on a document, and what it allows itself above. */
const longestBytes = 16 * 1024 * 1024 + 16 * 1024;

export function encodeRecord(record: DumpRecord): Buffer {
  return Buffer.concat([Buffer.from(letters[record.kind]), bodyOf(record)]);
}

function bodyOf(record: DumpRecord): Uint8Array {
  switch (record.kind) {
    case 'head':
      return BSON.serialize(record.head);
    case 'collection':
      return BSON.serialize({ name: record.name });
    case 'document':
      return record.bytes;
    case 'end':
      return BSON.serialize(record.end);
  }
}

/** Throws ARCHIVE_DAMAGED for bytes that `encodeRecord` did not make; what is inside a document is not looked at. */
export async function* decodeRecords(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<DumpRecord, void, undefined> {
  const take = taker(pieces);
  for (;;) {
    // The letter, and the length with which every BSON document begins.
    const start = await take(5);
    if (start.length === 0) return;
    const bytes = start.length === 5 ? start.readInt32LE(1) : 0;
    if (bytes < 5 || bytes > longestBytes) throw malformed();
    const rest = await take(bytes - 4);
    if (rest.length < bytes - 4) throw malformed();
    yield recordOf(start.toString('latin1', 0, 1), Buffer.concat([start.subarray(1), rest]));
  }
}

function recordOf(letter: string, bytes: Buffer): DumpRecord {
  if (letter === letters.document) return { kind: 'document', bytes };
  const body = BSON.deserialize(bytes);
  switch (letter) {
    case letters.head:
      return { kind: 'head', head: body as DumpHead };
    case letters.collection:
      return { kind: 'collection', name: String(body['name']) };
    case letters.end:
      return { kind: 'end', end: body as DumpEnd };
    default:
      throw malformed();
  }
}

/** Takes so many bytes from pieces of any size; fewer at the end. */
function taker(pieces: AsyncIterable<Uint8Array>): (bytes: number) => Promise<Buffer> {
  const source = pieces[Symbol.asyncIterator]();
  let at: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const parts = [at];
    let length = at.length;
    while (length < bytes) {
      const next = await source.next();
      if (next.done === true) break;
      parts.push(Buffer.from(next.value));
      length += next.value.length;
    }
    const all = parts.length === 1 ? at : Buffer.concat(parts);
    at = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}

function malformed(): GatewayError {
  return new GatewayError('ARCHIVE_DAMAGED', 'it does not hold what a backup holds');
}
