/** Rows are the domain's own shapes under `_id`; these two turn one into the other. */

import { MongoBulkWriteError } from 'mongodb';

export type Row<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly _id: T['id'] };

export function toRow<T extends { readonly id: string }>(value: T): Row<T> {
  const { id, ...rest } = value;
  return { _id: id, ...rest };
}

export function fromRow<T extends { readonly id: string }>(row: Row<T>): T {
  const { _id, ...rest } = row;
  // Omit<T, 'id'> & { id } is T, which TypeScript cannot see through the generic.
  return { id: _id, ...rest } as unknown as T;
}

/**
 * MongoDB's answer to a second row under a unique key. A bulk error carries the code of its first row only: it is one of these
 * when every row that failed is.
 */
export function isDuplicate(error: unknown): boolean {
  // Without a row that failed it is the connection's or the server's error: nothing is known of what was written.
  if (error instanceof MongoBulkWriteError && [error.writeErrors].flat().length === 0) return false;
  if (error instanceof MongoBulkWriteError && error.result.getWriteConcernError() !== undefined) return false;
  const rows = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [error];
  return rows.every((row) => typeof row === 'object' && row !== null && 'code' in row && row.code === 11000);
}
