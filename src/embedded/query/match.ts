import { MaxKey, MinKey } from 'bson';
import { compare, equal } from '../bson/compare.js';
import { isDoc, numberOf, rank, rankOf, type Doc, type Value } from '../bson/value.js';
import type { Filter, Leaf } from './filter.js';
import { isIndex, type Path } from './paths.js';

/** Filled by a match that went through an array: the outermost array's index, for the positional `$`. */
export interface Hit {
  position?: number;
}

/** Whether a document matches, as MongoDB reads arrays on the way: any element may do. */
export function matches(filter: Filter, doc: Value, hit: Hit = {}): boolean {
  switch (filter.op) {
    case 'and':
      for (const part of filter.of) if (!matches(part, doc, hit)) return false;
      return true;
    case 'or':
      // As in MongoDB no branch tells a place.
      return filter.of.some((part) => matches(part, doc));
    case 'nor':
      return !filter.of.some((part) => matches(part, doc));
    case 'not':
      return !matches(filter.of, doc);
    default:
      return filter.path.length === 0
        ? whole(filter, doc, hit)
        : isDoc(doc) && walk(filter, doc, filter.path, 0, hit);
  }
}

function walk(leaf: Leaf, doc: Doc, path: Path, depth: number, hit: Hit): boolean {
  return step(leaf, doc.get(path[depth] ?? ''), path, depth + 1, hit);
}

/** `value` stands at the first `depth` segments of the path. */
function step(leaf: Leaf, value: Value | undefined, path: Path, depth: number, hit: Hit): boolean {
  if (depth === path.length) return last(leaf, value, hit);
  if (isDoc(value)) return walk(leaf, value, path, depth, hit);
  if (!Array.isArray(value)) return whole(leaf, undefined, hit);
  const segment = path[depth];
  if (
    isIndex(segment) &&
    Number(segment) < value.length &&
    step(leaf, value[Number(segment)], path, depth + 1, hit)
  )
    return true;
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (!isDoc(element) || !walk(leaf, element, path, depth, hit)) continue;
    hit.position = i;
    return true;
  }
  return false;
}

function last(leaf: Leaf, value: Value | undefined, hit: Hit): boolean {
  if (Array.isArray(value) && leaf.op !== 'exists' && leaf.op !== 'size' && leaf.op !== 'elemMatch') {
    for (let i = 0; i < value.length; i++) {
      if (!whole(leaf, value[i], hit)) continue;
      hit.position = i;
      return true;
    }
  }
  return whole(leaf, value, hit);
}

/** The test on one value, arrays not opened. */
function whole(leaf: Leaf, value: Value | undefined, hit: Hit): boolean {
  switch (leaf.op) {
    case 'eq':
      return equalsFilter(leaf.value, value);
    case 'in':
      return leaf.values.some((one) => equalsFilter(one, value));
    case 'exists':
      return value !== undefined;
    case 'size':
      return Array.isArray(value) && value.length === leaf.size;
    case 'elemMatch':
      return elementMatches(leaf.of, value, hit);
    default:
      return inRange(leaf.op, leaf.value, value);
  }
}

/** `null` also means missing and undefined. */
function equalsFilter(wanted: Value, value: Value | undefined): boolean {
  if (wanted === null) return value === undefined || value === null || rankOf(value) === rank.undefined;
  return value !== undefined && equal(wanted, value);
}

function elementMatches(filter: Filter, value: Value | undefined, hit: Hit): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (element === undefined || !matches(filter, asDocument(filter, element))) continue;
    hit.position = i;
    return true;
  }
  return false;
}

/** `$elemMatch` with field conditions reads an array element as a document with the fields "0", "1" …. */
function asDocument(filter: Filter, element: Value): Value {
  if (!Array.isArray(element) || !hasPath(filter)) return element;
  return new Map(element.map((one, i) => [String(i), one]));
}

function hasPath(filter: Filter): boolean {
  if (filter.op === 'and' || filter.op === 'or' || filter.op === 'nor') return filter.of.some(hasPath);
  if (filter.op === 'not') return hasPath(filter.of);
  return 'path' in filter && filter.path.length > 0;
}

/** Only values of the operand's own type are compared; MinKey and MaxKey compare with all. */
function inRange(op: 'gt' | 'gte' | 'lt' | 'lte', operand: Value, value: Value | undefined): boolean {
  if (value === undefined && operand !== null) return false;
  const everything = operand instanceof MinKey || operand instanceof MaxKey;
  if (!everything && rankOf(value) !== rankOf(operand)) return false;
  const [a, b] = [numberOf(value), numberOf(operand)];
  if (Number.isNaN(a) || Number.isNaN(b)) return op.length === 3 && Number.isNaN(a) && Number.isNaN(b);
  const order = compare(value, operand);
  switch (op) {
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
  }
}
