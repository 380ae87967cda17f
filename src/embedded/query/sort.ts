import { CommandError } from '../errors.js';
import { KeyWriter } from '../storage/keys.js';
import { numberOf, type Doc } from '../bson/value.js';
import { isIndex, keysAt, type Path } from './paths.js';

export interface SortField {
  readonly name: string;
  readonly path: Path;
  readonly direction: 1 | -1;
}

/**
 * A sort document, parsed.
 * @throws CommandError 15975 for a direction other than 1 and -1, 2 for an empty name, 9 for `$natural`, `$meta` and places in arrays
 */
export function parseSort(sort: Doc): SortField[] {
  return [...sort].map(([name, value]) => {
    const direction = numberOf(value);
    if (name.startsWith('$')) throw new CommandError(9, `sort by ${name} is not supported by this store`);
    if (name.split('.').some(isIndex))
      throw new CommandError(9, `sort by a place in an array ('${name}') is not supported by this store`);
    if (name === '' || name.split('.').includes('')) throw new CommandError(2, 'sort: a field name is empty');
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return { name, path: name.split('.'), direction };
  });
}

/**
 * Bytes whose order is the sort's: of an array the smallest element counts upwards, the largest downwards.
 * @throws CommandError 2 for two arrays at once
 */
export function sortKey(doc: Doc, sort: readonly SortField[]): Buffer {
  const { tuples, parallel } = keysAt(
    doc,
    sort.map(({ path }) => path),
  );
  if (parallel) throw new CommandError(2, 'cannot sort with keys that are parallel arrays');
  const keys = tuples.map((values) => {
    const writer = new KeyWriter();
    for (const [i, { direction }] of sort.entries()) writer.field(values[i], direction);
    return writer.done();
  });
  return keys.reduce((least, key) => (key.compare(least) < 0 ? key : least));
}
