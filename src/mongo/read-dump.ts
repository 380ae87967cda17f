/** Goes through a dump's records and makes sure that they are a whole one. */

import { BSON, type Document } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import type { DumpEnd, DumpHead, DumpRecord } from './dump-records.js';

/** One document of a dump, exactly as it was stored: every number keeps its BSON type. */
export interface DumpedDocument {
  readonly collection: string;
  readonly document: Document;
}

export interface DumpSummary {
  readonly head: DumpHead;
  readonly end: DumpEnd;
}

/**
 * Reads the records to their end and hands each document over. Throws ARCHIVE_DAMAGED when the stream is no whole dump, and what
 * `each` throws.
 */
export async function readDump(
  records: AsyncIterable<DumpRecord>,
  each: (dumped: DumpedDocument, bytes: number) => Promise<void> | void,
): Promise<DumpSummary> {
  let head: DumpHead | undefined;
  let end: DumpEnd | undefined;
  let collection: string | undefined;
  const counted = { collections: 0, documents: 0 };
  for await (const record of records) {
    if ((record.kind === 'head') !== (head === undefined) || end !== undefined) throw incomplete();
    if (record.kind === 'head') head = record.head;
    else if (record.kind === 'end') end = record.end;
    else if (record.kind === 'collection') {
      collection = record.name;
      counted.collections += 1;
    } else {
      if (collection === undefined) throw incomplete();
      counted.documents += 1;
      await each({ collection, document: exactly(record.bytes) }, record.bytes.length);
    }
  }
  if (head === undefined || end?.documents !== counted.documents || end.collections !== counted.collections)
    throw incomplete();
  return { head, end };
}

function exactly(bytes: Uint8Array): Document {
  try {
    return BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true });
  } catch {
    throw incomplete();
  }
}

function incomplete(): GatewayError {
  return new GatewayError('ARCHIVE_DAMAGED', 'it does not hold a whole backup');
}
