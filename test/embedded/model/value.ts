import { BSON, Double, Int32, Long, ObjectId } from 'mongodb';

/** The model's values: what the driver gives without promotion, so that every number keeps its BSON type. */
export type Number_ = Int32 | Double | Long;
export type Plain = null | boolean | Number_ | string | Date | ObjectId | Plain[] | { [name: string]: Plain };
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style -- a Record may not refer to itself
export interface Fields {
  [name: string]: Plain;
}

export function isFields(value: Plain | undefined): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function isNumber(value: Plain | undefined): value is Number_ {
  return value instanceof Int32 || value instanceof Double || value instanceof Long;
}

/** JavaScript compares and, with like types, adds both exactly. */
export function numeric(value: Number_): number | bigint {
  return value instanceof Long ? value.toBigInt() : value.valueOf();
}

export function copyOf<T extends Plain>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)])) as T;
}

/** One text for one value, types included. */
export function textOf(value: unknown): string {
  return BSON.EJSON.stringify(value, { relaxed: false });
}

function place(value: Plain | undefined): number {
  if (value === undefined || value === null) return 1;
  if (isNumber(value)) return 2;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
  if (value instanceof ObjectId) return 6;
  if (typeof value === 'boolean') return 7;
  return value instanceof Date ? 8 : 4;
}

export function sameKind(a: Plain | undefined, b: Plain | undefined): boolean {
  return place(a) === place(b);
}

/** BSON's order, over the model's few types. */
export function order(a: Plain | undefined, b: Plain | undefined): number {
  if (place(a) !== place(b)) return place(a) - place(b);
  if (place(a) === 1) return 0;
  if (isNumber(a) && isNumber(b)) {
    const [left, right] = [numeric(a), numeric(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (Array.isArray(a) && Array.isArray(b)) return orderLists(a, b);
  if (isFields(a) && isFields(b)) return orderLists(flat(a), flat(b));
  // MongoDB compares the bytes of UTF-8.
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  return Number(a) - Number(b);
}

function flat(fields: Fields): Plain[] {
  return Object.entries(fields).flatMap(([name, value]) => [new Int32(place(value)), name, value]);
}

function orderLists(a: Plain[], b: Plain[]): number {
  const differing = a.findIndex((value, i) => i >= b.length || order(value, b[i]) !== 0);
  if (differing < 0) return a.length - b.length;
  return differing >= b.length ? 1 : order(a[differing], b[differing]);
}

export function textIn(value: Plain | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What an empty array stands as in a key: MongoDB's undefined, below null and apart from it. */
export const lowest: Plain = { lowest: true };

/** A refusal by the model: MongoDB's code and what a duplicate key shows. */
export class Refusal extends Error {
  readonly code: number;
  readonly details: Fields;

  constructor(code: number, details: Fields = {}) {
    super(`code ${code}`);
    this.code = code;
    this.details = details;
  }
}
