import { isDoc, Other, type Doc, type Value } from '../bson/value.js';

/** A dotted field path, split. */
export type Path = readonly string[];

const undefinedValue = new Other(6, new Uint8Array());

export function isIndex(segment: string | undefined): segment is string {
  return segment !== undefined && /^(0|[1-9]\d*)$/.test(segment);
}

/** What an index or a sort sees of a document. */
export interface Keys {
  /** A value for each path. An empty array stands as undefined, so that it does not meet null in a unique index; what is missing as null. */
  readonly tuples: readonly (readonly Value[])[];
  /** Per path: an array stands on it. */
  readonly arrays: readonly boolean[];
  /** Per path: the field is there at least once (sparse indexes leave out documents where none is). */
  readonly exists: readonly boolean[];
  /** Two arrays apart: there is no telling which elements belong together, so `tuples` is empty. */
  readonly parallel: boolean;
}

/**
 * The keys that a document has at these paths. An array is opened, each element once; paths through the same array keep the values
 * of one element together. No path names a place in an array: indexes and sorts refuse those.
 */
export function keysAt(doc: Doc, paths: readonly Path[]): Keys {
  const seen = { arrays: paths.map(() => false), exists: paths.map(() => false), parallel: false };
  const tuples = tuplesOf(
    paths.map((path) => ({ value: doc, rest: path })),
    seen,
  );
  return { ...seen, tuples: seen.parallel ? [] : tuples };
}

/** A path on its way down: `rest` still lies below `value`. */
interface Slot {
  readonly value: Value | undefined;
  readonly rest: Path;
  /** An element of an array that the path ends at: it is not opened again. */
  readonly final?: boolean;
}

interface Seen {
  readonly arrays: boolean[];
  readonly exists: boolean[];
  parallel: boolean;
}

function tuplesOf(slots: readonly Slot[], seen: Seen): Value[][] {
  const reached = slots.map(descend);
  let list: Value[] | undefined;
  for (const [i, { value, rest, final }] of reached.entries()) {
    if (rest.length === 0 && value !== undefined) seen.exists[i] = true;
    if (final === true || !Array.isArray(value)) continue;
    seen.arrays[i] = true;
    if (list && list !== value) seen.parallel = true;
    list = value;
  }
  if (!list || seen.parallel)
    return [reached.map(({ value, rest }) => (rest.length === 0 ? (value ?? null) : null))];
  const array = list;
  if (array.length === 0)
    return [
      reached.map((slot) =>
        slot.value !== array ? valueOf(slot) : slot.rest.length === 0 ? undefinedValue : null,
      ),
    ];
  return array.flatMap((element) => tuplesOf(through(reached, array, element), seen));
}

/** Down to the end of the path, to an array, or to where it breaks off. */
function descend(slot: Slot): Slot {
  let { value, rest } = slot;
  while (rest.length > 0 && isDoc(value)) {
    value = value.get(rest[0] ?? '');
    rest = rest.slice(1);
  }
  return { ...slot, value, rest };
}

function valueOf({ value, rest }: Slot): Value {
  return rest.length === 0 ? (value ?? null) : null;
}

/** What one element makes of the paths that lead through its array. */
function through(slots: readonly Slot[], array: Value[], element: Value): Slot[] {
  return slots.map((slot) => {
    if (slot.final === true || slot.value !== array) return { ...slot, final: true };
    if (slot.rest.length === 0) return { value: element, rest: [], final: true };
    return isDoc(element) ? { value: element, rest: slot.rest } : { value: undefined, rest: [], final: true };
  });
}
