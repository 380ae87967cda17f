import { Int32 } from 'bson';
import { compare } from '../bson/compare.js';
import { added, rounded, withWhole, type DoubleSum } from './double-sum.js';
import { numberOf, rank, rankOf, type Value } from '../bson/value.js';

export const accumulatorNames = ['$sum', '$min', '$max', '$avg', '$first', '$last'] as const;
export type AccumulatorName = (typeof accumulatorNames)[number];

/** Takes values one by one; `result` is asked once. */
export interface Accumulator {
  take(value: Value | undefined): void;
  result(): Value;
}

export function accumulator(name: AccumulatorName): Accumulator {
  switch (name) {
    case '$sum':
      return sum();
    case '$avg':
      return average();
    case '$min':
      return extreme(-1);
    case '$max':
      return extreme(1);
    case '$first':
      return chosen((_, seen) => !seen);
    case '$last':
      return chosen(() => true);
  }
}

/** Whole numbers are summed exactly, doubles with what rounding took; a double makes the sum a double; what is no number counts nothing. */
function sum(): Accumulator {
  let whole = 0n;
  let doubles: DoubleSum = { sum: 0, lost: 0 };
  let type: 'int' | 'long' | 'double' = 'int';
  return {
    take: (value) => {
      if (typeof value === 'number') {
        type = 'double';
        doubles = added(doubles, value);
      } else if (typeof value === 'bigint') {
        if (type === 'int') type = 'long';
        whole += value;
      } else if (value instanceof Int32) whole += BigInt(value.value);
    },
    result: () => {
      if (type === 'double') return rounded(withWhole(doubles, whole));
      if (BigInt.asIntN(64, whole) !== whole) return Number(whole);
      return type === 'int' && BigInt.asIntN(32, whole) === whole ? new Int32(Number(whole)) : whole;
    },
  };
}

function average(): Accumulator {
  const total = sum();
  let count = 0;
  return {
    take: (value) => {
      total.take(value);
      if (numberOf(value) !== undefined) count++;
    },
    result: () => (count === 0 ? null : (numberOf(total.result()) ?? 0) / count),
  };
}

/** Null and missing are passed over. */
function extreme(direction: 1 | -1): Accumulator {
  let best: Value | undefined;
  return {
    take: (value) => {
      if (value === undefined || rankOf(value) <= rank.null) {
        if (value === undefined || rankOf(value) !== rank.minKey) return;
      }
      if (best === undefined || compare(value, best) * direction > 0) best = value;
    },
    result: () => best ?? null,
  };
}

function chosen(isBetter: (value: Value | undefined, seen: boolean) => boolean): Accumulator {
  let kept: Value | undefined;
  let seen = false;
  return {
    take: (value) => {
      if (isBetter(value, seen)) kept = value;
      seen = true;
    },
    result: () => kept ?? null,
  };
}
