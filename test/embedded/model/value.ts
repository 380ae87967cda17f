/** The model's values: plain JavaScript. `undefined` is a missing field. */
export type Plain = null | boolean | number | string | Date | Plain[] | { [name: string]: Plain };
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style -- a Record may not refer to itself
export interface Fields {
  [name: string]: Plain;
}

export function isFields(value: Plain | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function place(value: Plain | undefined): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
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
  if (Array.isArray(a) && Array.isArray(b)) return orderLists(a, b);
  if (isFields(a) && isFields(b)) {
    const flat = (fields: Fields): Plain[] =>
      Object.entries(fields).flatMap(([name, value]) => [place(value), name, value]);
    return orderLists(flat(a), flat(b));
  }
  // MongoDB compares the bytes of UTF-8.
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

function orderLists(a: Plain[], b: Plain[]): number {
  const differing = a.findIndex((value, i) => i >= b.length || order(value, b[i]) !== 0);
  if (differing < 0) return a.length - b.length;
  return differing >= b.length ? 1 : order(a[differing], b[differing]);
}
