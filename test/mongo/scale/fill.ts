/** Writes the rows of a filled store straight through the driver, many to a command. */

import type { Db, Document } from 'mongodb';
import { fillings, type Size } from './rows.js';

const rowsPerCommand = 1000;

/** Tells how many rows stand of how many, now and then. */
export type Progress = (done: number, of: number) => void;

/** The indexes must be there already. Answers the number of rows. */
export async function fill(db: Db, size: Size, progress: Progress = () => undefined): Promise<number> {
  const all = fillings(size);
  const of = all.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const { collection, count, row } of all) {
    for (let from = 0; from < count; from += rowsPerCommand) {
      const rows = Array.from({ length: Math.min(rowsPerCommand, count - from) }, (_, n) => row(from + n));
      await db.collection<Document & { _id?: string }>(collection).insertMany(rows, { ordered: false });
      done += rows.length;
      progress(done, of);
    }
  }
  return done;
}
