/** By which message ids a hole is fetched, and where it ends: upwards in hundreds, as long as there may be more. Pure. */
import type { Question } from './state.js';

export type Probe = Extract<Question, { ask: 'probe' }>;

/** At most so many ids in one getMessages. */
const idsAtOnce = 100;
/** Above the ceiling so many ids without a message in a row are the end: a few may have been used up before the hole. */
const emptyEnd = 300;
/** Below it, or where none is known, so many may be deleted before the rest is only looked over. */
const patience = 10_000;
/** So far the look ahead reaches where no ceiling is known. */
const farthest = 1_000_000;

/** The ids of the next call: the next hundred, or the look ahead, ever farther apart. */
export function idsOf({ from, top = Infinity, ceiling = Infinity, ahead }: Probe): number[] {
  if (ahead !== true) {
    return Array.from({ length: Math.min(idsAtOnce, top - from + 1) }, (_, index) => from + index);
  }
  const reach = Math.min(farthest, ceiling - from + 1);
  const steps = Array.from({ length: idsAtOnce }, (_, index) => reach ** (index / (idsAtOnce - 1)));
  return [...new Set(steps.map((step) => from + Math.floor(step) - 1))];
}

/** `walk`: the next hundred · `whole`: no more ids can be · `look`: long nothing, and nothing says that it is the end. */
export function standingOf({
  from,
  top,
  ceiling = Infinity,
  seen = 0,
  empty,
}: Probe): 'walk' | 'whole' | 'look' {
  if (top !== undefined) return from > top ? 'whole' : 'walk';
  if (from <= seen) return 'walk';
  if (from > ceiling) return empty >= emptyEnd ? 'whole' : 'walk';
  return empty >= patience ? 'look' : 'walk';
}
