/** Durations by name, in milliseconds. */
export class Times {
  readonly #all = new Map<string, number[]>();

  /** Does the work and keeps how long it took. */
  readonly timed = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
    const start = performance.now();
    const result = await work();
    this.add(name, performance.now() - start);
    return result;
  };

  add(name: string, ms: number): void {
    const list = this.#all.get(name) ?? [];
    list.push(ms);
    this.#all.set(name, list);
  }

  medians(): Map<string, number> {
    return new Map([...this.#all].map(([name, list]) => [name, median(list)]));
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
