import { CommandError } from '../errors.js';
import { isDoc, type Value } from '../bson/value.js';
import type { Filter } from '../query/filter.js';
import { matches, type Hit } from '../query/match.js';
import { isIndex, type Path } from '../query/paths.js';

/**
 * The concrete paths of `a.$.b`, `a.$[].b` and `a.$[x].b` in this document.
 * @throws CommandError 2 if the query found no element, a filter is missing or there is no array
 */
export function concretePaths(
  path: Path,
  doc: Value,
  hit: Hit,
  arrayFilters: ReadonlyMap<string, Filter>,
): Path[] {
  const depth = path.findIndex((segment) => segment.startsWith('$'));
  if (depth < 0) return [path];
  const before = path.slice(0, depth);
  const list = valueAt(doc, before);
  return indexesOf(path[depth] ?? '', path, list, hit, arrayFilters).flatMap((index) => {
    const rest = path.slice(depth + 1);
    return concretePaths([...before, String(index), ...rest], doc, hit, arrayFilters);
  });
}

function indexesOf(
  segment: string,
  path: Path,
  list: Value | undefined,
  hit: Hit,
  arrayFilters: ReadonlyMap<string, Filter>,
): number[] {
  if (segment === '$') {
    if (hit.position === undefined)
      throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
    return [hit.position];
  }
  const name = segment.slice(2, -1);
  const filter = arrayFilters.get(name);
  if (!Array.isArray(list)) {
    throw new CommandError(2, `The path '${path.join('.')}' must lead to an array to apply array updates`);
  }
  return [...list.keys()].filter((i) => !filter || matches(filter, new Map([[name, list[i] ?? null]])));
}

/** What stands at a path; a number in it names an array's element. */
export function valueAt(doc: Value, path: Path): Value | undefined {
  let value: Value | undefined = doc;
  for (const segment of path) {
    if (isDoc(value)) value = value.get(segment);
    else value = Array.isArray(value) && isIndex(segment) ? value[Number(segment)] : undefined;
  }
  return value;
}
