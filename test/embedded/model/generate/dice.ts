export interface Dice {
  upTo(n: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

/** A small generator of numbers (mulberry32), so that a seed names a run. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number): number => Math.floor(next() * n);
  return {
    upTo,
    pick: (list) => list[upTo(list.length)]!,
    chance: (share) => next() < share,
  };
}
