import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommandError } from '../errors.js';
import { pause, type Paced } from './scan.js';

/** How long one reader may hold the worker's thread, in milliseconds. */
const sliceMs = 5;

/**
 * Pulls values until `take` returns false or the source ends (then true is the answer), letting others run in between.
 * @param deadline monotonic milliseconds (`performance.now()`), from maxTimeMS
 * @throws CommandError 50 past the deadline
 */
export async function pull<T>(
  source: Paced<T>,
  take: (value: T) => boolean,
  deadline: number,
): Promise<boolean> {
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const next = source.next();
    if (next.done === true) return true;
    if (next.value !== pause) {
      if (!take(next.value)) return false;
    } else if (performance.now() > sliceEnd) {
      if (performance.now() > deadline) throw new CommandError(50, 'operation exceeded time limit');
      await nextTurn();
      sliceEnd = performance.now() + sliceMs;
    }
  }
}
