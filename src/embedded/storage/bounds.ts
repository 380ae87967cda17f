import { rank, rankOf, type Value } from '../bson/value.js';
import type { Leaf } from '../query/filter.js';
import { KeyWriter, after, maxKeyBytes } from './keys.js';
import type { KeyRange } from './environment.js';

/** Encoded values between two prefixes; `…Included` takes in everything that starts with the prefix. */
export interface Interval {
  readonly low: Buffer;
  readonly lowIncluded: boolean;
  readonly high: Buffer;
  readonly highIncluded: boolean;
}

export type Comparison = Extract<Leaf, { op: 'gt' | 'gte' | 'lt' | 'lte' }>;

/** The intervals that hold every value equal to `value`, or undefined if an index cannot say. */
export function pointOf(value: Value): Interval | undefined {
  // An index holds the elements of an array, never the array.
  if (Array.isArray(value)) return undefined;
  if (value === null || rankOf(value) === rank.undefined) return between(rank.undefined, rank.null);
  const key = encoded(value);
  return { low: key, lowIncluded: true, high: key, highIncluded: true };
}

/** The interval of one comparison: it stays within the operand's type. */
export function intervalOf(leaf: Comparison): Interval | undefined {
  const place = rankOf(leaf.value);
  if (place === rank.minKey || place === rank.maxKey || place === rank.array) return undefined;
  if (place === rank.null || Number.isNaN(leaf.value)) return pointOf(leaf.value);
  const key = encoded(leaf.value);
  const bracket = Buffer.from([place]);
  return leaf.op === 'gt' || leaf.op === 'gte'
    ? { low: key, lowIncluded: leaf.op === 'gte', high: bracket, highIncluded: true }
    : { low: bracket, lowIncluded: true, high: key, highIncluded: leaf.op === 'lte' };
}

/** What lies in both; may be empty, which a scan then finds out. */
export function intersection(a: Interval, b: Interval): Interval {
  const lower = startOf(a).compare(startOf(b)) >= 0 ? a : b;
  const upper = endOf(a).compare(endOf(b)) <= 0 ? a : b;
  return {
    low: lower.low,
    lowIncluded: lower.lowIncluded,
    high: upper.high,
    highIncluded: upper.highIncluded,
  };
}

/** Key range of `prefix` (complete fields before) and one interval of the next field. */
export function rangeOf(prefix: Buffer, interval: Interval, direction: 1 | -1): KeyRange {
  const start = direction === 1 ? startOf(interval) : turnedStart(interval);
  const end = direction === 1 ? endOf(interval) : turnedEnd(interval);
  return { start: Buffer.concat([prefix, start]), end: Buffer.concat([prefix, end]) };
}

/** The bytes of a point in a field of this direction, if the interval is one. */
export function pointBytes(interval: Interval, direction: 1 | -1): Buffer | undefined {
  if (!interval.lowIncluded || !interval.highIncluded || !interval.low.equals(interval.high))
    return undefined;
  return direction === 1 ? interval.low : turned(interval.low);
}

/** A range over whole keys as a range over keys that were cut: it may take in more, never less. */
export function cutRange(range: KeyRange): KeyRange {
  const { start, end } = range;
  return {
    start: start.length > maxKeyBytes ? start.subarray(0, maxKeyBytes) : start,
    end: end.length > maxKeyBytes ? after(end.subarray(0, maxKeyBytes)) : end,
  };
}

function between(low: number, high: number): Interval {
  return { low: Buffer.from([low]), lowIncluded: true, high: Buffer.from([high]), highIncluded: true };
}

function encoded(value: Value): Buffer {
  return new KeyWriter().field(value, 1).done();
}

function startOf(interval: Interval): Buffer {
  return interval.lowIncluded ? interval.low : after(interval.low);
}

function endOf(interval: Interval): Buffer {
  return interval.highIncluded ? after(interval.high) : interval.high;
}

function turnedStart(interval: Interval): Buffer {
  const high = turned(interval.high);
  return interval.highIncluded ? high : after(high);
}

function turnedEnd(interval: Interval): Buffer {
  const low = turned(interval.low);
  return interval.lowIncluded ? after(low) : low;
}

function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => ~byte & 0xff));
}
