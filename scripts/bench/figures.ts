/** What was measured, in one flat list: the table, the JSON and the comparison of revisions all read this. */

export interface Figure {
  /** Dotted, stable: revisions are compared by it. */
  readonly name: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** The embedded gateway, in one process. */
  readonly ours?: number;
  /** One gateway process on a database and Redis, and two. */
  readonly services?: number | 'not run';
  readonly two?: number | 'not run';
  readonly stock?: number;
}

/** Figures of one measure, and what a reader must know to believe them. */
export interface Report {
  readonly figures: readonly Figure[];
  readonly notes?: readonly string[];
}

/** How many times better ours is than stock; below 1 it is worse. */
export function advantage({ ours, stock, better }: Figure): number | undefined {
  if (ours === undefined || stock === undefined) return undefined;
  return better === 'more' ? ours / stock : stock / ours;
}

/** The value below which `share` of the values lie. NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
