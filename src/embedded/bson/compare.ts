import { BSONRegExp, Binary, ObjectId, Timestamp } from 'bson';
import { decode } from './decode.js';
import { Other, Stored, numberOf, rank, rankOf, type Doc, type Value } from './value.js';

/**
 * MongoDB's order over all values; 0 means equal (1, 1.0 and 1n are). A missing value equals null here.
 */
export function compare(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const place = rankOf(a);
  const difference = place - rankOf(b);
  if (difference !== 0) return difference;
  switch (place) {
    case rank.number:
      return compareNumbers(a, b);
    case rank.boolean:
      return Number(a) - Number(b);
    case rank.minKey:
    case rank.undefined:
    case rank.null:
    case rank.maxKey:
      return 0;
    default:
      return typeof a === 'object' && a !== null && typeof b === 'object' && b !== null
        ? compareObjects(a, b)
        : 0;
  }
}

function compareObjects(a: object, b: object): number {
  if (a instanceof Date && b instanceof Date) return sign(a.getTime(), b.getTime());
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (isList(a) && isList(b)) return compareLists(a, b);
  if (isObject(a) && isObject(b)) return compareDocs(docOf(a), docOf(b));
  return compareRare(a, b);
}

function isList(value: object): value is Value[] {
  return Array.isArray(value);
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return compare(a, b) === 0;
}

function isObject(value: object): value is Doc | Stored {
  return value instanceof Map || value instanceof Stored;
}

function docOf(value: Doc | Stored): Doc {
  return value instanceof Stored ? decode(value.bytes) : value;
}

function sign(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** NaN is the smallest number. JavaScript compares a bigint with a double exactly. */
function compareNumbers(a: Value | undefined, b: Value | undefined): number {
  const left = typeof a === 'bigint' ? a : numberOf(a);
  const right = typeof b === 'bigint' ? b : numberOf(b);
  if (left === undefined || right === undefined) return 0;
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  return Number.isNaN(right) ? 1 : sign(left, right);
}

/** MongoDB compares UTF-8 bytes, which is the order of code points; UTF-16 units differ from U+D800 on. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return lifted(left) - lifted(right);
  }
  return a.length - b.length;
}

function lifted(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareLists(a: Value[], b: Value[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDocs(a: Doc, b: Doc): number {
  const right = b.entries();
  for (const [name, value] of a) {
    const next = right.next();
    if (next.done === true) return 1;
    const [otherName, otherValue] = next.value;
    const order =
      rankOf(value) - rankOf(otherValue) || compareText(name, otherName) || compare(value, otherValue);
    if (order !== 0) return order;
  }
  return a.size - b.size;
}

function compareRare(a: object, b: object): number {
  if (a instanceof Binary && b instanceof Binary) {
    const [left, right] = [a.value(), b.value()];
    return left.length - right.length || a.sub_type - b.sub_type || Buffer.compare(left, right);
  }
  if (a instanceof Timestamp && b instanceof Timestamp) return a.t - b.t || a.i - b.i;
  if (a instanceof BSONRegExp && b instanceof BSONRegExp)
    return compareText(a.pattern, b.pattern) || compareText(a.options, b.options);
  if (a instanceof Other && b instanceof Other) return a.type - b.type || Buffer.compare(a.bytes, b.bytes);
  return 0;
}
