import { modelMatches } from './match.js';
import { isFields, Refusal, type Fields, type Plain } from './value.js';

export interface Occasion {
  readonly arrayFilters: readonly Fields[];
  readonly inserting: boolean;
  /** What found the document, for the positional `$`. */
  readonly filter: Fields;
}

/** The paths that `a.$.b`, `a.$[].b` and `a.$[x].b` mean in a document; the generator lets them stand once in a path. */
export function concrete(doc: Fields, path: string[], { arrayFilters, filter }: Occasion): string[][] {
  const at = path.findIndex((segment) => segment.startsWith('$'));
  if (at < 0) return [path];
  const segment = path[at] ?? '';
  const array = path
    .slice(0, at)
    .reduce<Plain | undefined>((value, name) => (isFields(value) ? value[name] : undefined), doc);
  const wanted = wantedOf(segment, path[0] ?? '', array, arrayFilters, filter);
  return wanted.map((i) => [...path.slice(0, at), String(i), ...path.slice(at + 1)]);
}

function wantedOf(
  segment: string,
  field: string,
  array: Plain | undefined,
  arrayFilters: readonly Fields[],
  filter: Fields,
): number[] {
  if (segment === '$') return [firstMatch(field, array, filter)];
  const name = segment.slice(2, -1);
  const condition = arrayFilters.find((one) => Object.keys(one)[0]?.split('.')[0] === name);
  if ((name !== '' && !condition) || !Array.isArray(array)) throw new Refusal(2);
  return [...array.keys()].filter((i) => !condition || modelMatches(condition, { [name]: array[i] ?? null }));
}

/** The generator puts one condition on one array beside `_id`: its first matching element is meant. No branch of `$or` tells one. */
function firstMatch(field: string, array: Plain | undefined, filter: Fields): number {
  const condition = Object.fromEntries(
    Object.entries(filter).filter(([name]) => name.split('.')[0] === field),
  );
  const found =
    Array.isArray(array) && Object.keys(condition).length > 0
      ? array.findIndex((element) => modelMatches(condition, { [field]: [element] }))
      : -1;
  if (found < 0) throw new Refusal(2);
  return found;
}
