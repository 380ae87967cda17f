/**
 * A sum of doubles that keeps what rounding takes (Knuth's two-sum), as MongoDB's `$sum` and `$avg` do: ten times 0.1 is 1.
 */
export interface DoubleSum {
  readonly sum: number;
  readonly lost: number;
}

export function added({ sum, lost }: DoubleSum, value: number): DoubleSum {
  const total = sum + value;
  if (!Number.isFinite(total)) return { sum: total, lost: 0 };
  const part = total - sum;
  return { sum: total, lost: lost + (sum - (total - part) + (value - part)) };
}

/** With a whole number of any size, whose part beyond a double's precision counts too. */
export function withWhole(doubles: DoubleSum, whole: bigint): DoubleSum {
  const high = Number(whole);
  return Number.isFinite(high)
    ? added(added(doubles, high), Number(whole - BigInt(high)))
    : added(doubles, high);
}

export function rounded({ sum, lost }: DoubleSum): number {
  return sum + lost;
}
