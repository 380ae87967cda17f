import { modelMatches } from './match.js';
import { orderTuples } from './sort.js';
import { tuplesAt } from './tuples.js';
import { isFields, lowest, Refusal, type Fields, type Plain } from './value.js';

export interface ModelIndex {
  /** Field → Int32 of 1 or -1. */
  readonly key: Fields;
  readonly name: string;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly partialFilterExpression?: Fields;
}

/** The rows of an index for one document. @throws Refusal 171 for two arrays in one compound index */
export function keysOf(index: ModelIndex, row: Fields): Plain[][] {
  const names = Object.keys(index.key);
  if (index.sparse === true && !names.some((name) => isThere(row, name.split('.')))) return [];
  if (index.partialFilterExpression && !modelMatches(index.partialFilterExpression, row)) return [];
  const tuples = tuplesAt(row, names);
  if (tuples === 'parallel') throw new Refusal(171);
  const directions = Object.values(index.key).map(Number);
  return tuples.toSorted((a, b) => orderTuples(a, b, directions));
}

/** Refuses a row that shares a key with another: the first in the index's own order is named. */
export function checkKeys(
  indexes: readonly ModelIndex[],
  rows: readonly Fields[],
  row: Fields,
  before?: Fields,
): void {
  for (const index of indexes) {
    const own = keysOf(index, row);
    if (index.unique !== true) continue;
    const taken = rows.filter((one) => one !== before).flatMap((one) => keysOf(index, one));
    const double = own.find((key) =>
      taken.some(
        (other) =>
          orderTuples(
            key,
            other,
            key.map(() => 1),
          ) === 0,
      ),
    );
    if (double)
      throw new Refusal(11000, {
        keyPattern: index.key,
        // What stands for an empty array does not survive the driver.
        keyValue: Object.fromEntries<Plain>(
          Object.keys(index.key).flatMap((name, at): [string, Plain][] =>
            double[at] === lowest ? [] : [[name, double[at] ?? null]],
          ),
        ),
      });
  }
}

function isThere(value: Plain | undefined, path: string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return value !== undefined;
  if (isFields(value)) return isThere(value[head], rest);
  return Array.isArray(value) && value.some((element) => isFields(element) && isThere(element, path));
}
