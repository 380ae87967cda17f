/** What is done again and again: once before it counts as begun, then a pause after each end. */

import type { Cancel, Clock } from '../ports/runtime.js';

/**
 * Resolves when `run` has succeeded once, and rejects when it did not; from then on `failed` hears of an end that is an error, and
 * the next one makes up for it.
 */
export async function every(
  clock: Clock,
  pauseMs: number,
  run: () => Promise<void>,
  failed: (error: unknown) => void,
): Promise<Cancel> {
  let cancel: Cancel = () => undefined;
  let stopped = false;
  const again = (): void => {
    if (!stopped) cancel = clock.setTimer(pauseMs, () => void run().catch(failed).finally(again));
  };
  await run();
  again();
  return () => {
    stopped = true;
    cancel();
  };
}
