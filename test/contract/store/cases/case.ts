import type { Document } from 'mongodb';

/** Stands for a field that is not there. */
export const missing = Symbol('missing');

interface Titled {
  /** Rows of the table (`subset`) that the case belongs to. */
  readonly rows: readonly string[];
  /** The manual's rule, in our words. */
  readonly rule: string;
}

/** Documents `{_id: place, v: value}`, and the places that the filter finds: without an index and with one on every path of it. */
export interface FilterCase extends Titled {
  readonly values: readonly unknown[];
  readonly filter: Document;
  readonly found: readonly number[];
}

/** One document before and after an update; `after` is a code where it is refused. */
export interface UpdateCase extends Titled {
  readonly before: Document;
  readonly update: Document;
  readonly filter?: Document;
  readonly arrayFilters?: Document[];
  readonly after: Document | number;
}

/** An upsert into an empty collection: the document it makes, without an `_id` that nobody gave, or the code. */
export interface UpsertCase extends Titled {
  readonly filter: Document;
  readonly update: Document;
  readonly made: Document | number;
}

export interface AggregateCase extends Titled {
  readonly documents: readonly Document[];
  readonly pipeline: Document[];
  /** Rows in this order, or a code. */
  readonly out: readonly Document[] | number;
}

/** Commands of which the last is refused with this code, as a whole or in its first write error. */
export interface CodeCase {
  readonly code: number;
  readonly rule: string;
  readonly commands: readonly Document[];
  /** In which versions or places MongoDB answers another one for the same. */
  readonly also?: readonly number[];
}
