import { tuplesAt } from './tuples.js';
import { lowest, order, Refusal, type Fields, type Plain } from './value.js';

/** Sorts like MongoDB: by the key that comes first of all that a document has; ties stay. @throws Refusal 2 for two arrays at once */
export function modelSort<T extends Fields>(docs: readonly T[], sort: Fields): T[] {
  const names = Object.keys(sort);
  const directions = Object.values(sort).map(Number);
  const keyed = docs.map((doc) => {
    const keys = tuplesAt(doc, names);
    if (keys === 'parallel') throw new Refusal(2);
    return { doc, key: keys.toSorted((a, b) => orderTuples(a, b, directions))[0] ?? [] };
  });
  return keyed.toSorted((a, b) => orderTuples(a.key, b.key, directions)).map(({ doc }) => doc);
}

export function orderTuples(a: readonly Plain[], b: readonly Plain[], directions: readonly number[]): number {
  const at = directions.findIndex((_, i) => orderKeys(a[i], b[i]) !== 0);
  return at < 0 ? 0 : orderKeys(a[at], b[at]) * (directions[at] ?? 1);
}

function orderKeys(a: Plain | undefined, b: Plain | undefined): number {
  if (a === lowest || b === lowest) return a === b ? 0 : a === lowest ? -1 : 1;
  return order(a, b);
}
