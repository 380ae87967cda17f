import { isDoc, Other, type Doc, type Value } from '../bson/value.js';

/** A dotted field path, split. */
export type Path = readonly string[];

const undefinedValue = new Other(6, new Uint8Array());

export function isIndex(segment: string | undefined): segment is string {
  return segment !== undefined && /^(0|[1-9]\d*)$/.test(segment);
}

/** What an index or a sort sees of a document at one path. */
export interface PathValues {
  readonly values: Value[];
  /** An array stands somewhere on the path. */
  readonly array: boolean;
  /** The field is there at least once (sparse indexes leave out documents where it is not). */
  readonly exists: boolean;
}

/**
 * The values of a path, arrays opened as indexes open them: each element once, an empty array as undefined
 * (so that it does not meet null in a unique index), a missing field as null.
 */
export function valuesAt(doc: Doc, path: Path): PathValues {
  const found = { values: [] as Value[], array: false, exists: false };
  collect(doc, path, 0, found);
  return found;
}

type Found = { values: Value[]; array: boolean; exists: boolean };

function collect(doc: Doc, path: Path, depth: number, found: Found): void {
  take(doc.get(path[depth] ?? ''), path, depth + 1, found);
}

function take(value: Value | undefined, path: Path, depth: number, found: Found): void {
  if (depth === path.length) takeLast(value, found);
  else if (isDoc(value)) collect(value, path, depth, found);
  else if (Array.isArray(value)) takeElements(value, path, depth, found);
  else found.values.push(null);
}

function takeElements(value: Value[], path: Path, depth: number, found: Found): void {
  found.array = true;
  const before = found.values.length;
  const segment = path[depth];
  if (isIndex(segment) && Number(segment) < value.length)
    take(value[Number(segment)], path, depth + 1, found);
  for (const element of value) if (isDoc(element)) collect(element, path, depth, found);
  if (found.values.length === before || value.some((element) => !isDoc(element))) found.values.push(null);
}

function takeLast(value: Value | undefined, found: Found): void {
  if (value !== undefined) found.exists = true;
  if (!Array.isArray(value)) {
    found.values.push(value ?? null);
    return;
  }
  found.array = true;
  if (value.length === 0) found.values.push(undefinedValue);
  for (const element of value) found.values.push(element);
}
