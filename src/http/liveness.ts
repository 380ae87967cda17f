/** Whether this process is worth keeping: its event loop turns, and a stop that was asked for has not got stuck. */

import type { Cancel, Clock } from '../ports/runtime.js';

export type Life =
  | { readonly status: 'ok' }
  /** The loop is held up again and again: the last looks came so many ms late, the least of them. */
  | { readonly status: 'blocked'; readonly lateMs: number }
  /** A stop was asked for so long ago that waiting for it is hopeless. */
  | { readonly status: 'stuck'; readonly stoppingMs: number };

export interface Liveness {
  life(): Life;
  close(): void;
}

const lookEveryMs = 1000;
const lateMs = 1000;
/** One long pause (a frozen process that thaws, a large collection of garbage) is no illness; so many in a row are. */
const looks = 3;
/** A graceful stop takes 25 s at most. */
const stopWithinMs = 30_000;

/** Looks at the clock every second from here on. `signal` is aborted when a stop is asked for. */
export function watchLiveness(clock: Clock, signal: AbortSignal): Liveness {
  let lates: readonly number[] = [];
  let cancel: Cancel = () => undefined;
  const look = (): void => {
    const due = clock.now() + lookEveryMs;
    cancel = clock.setTimer(lookEveryMs, () => {
      lates = [...lates, clock.now() - due].slice(-looks);
      look();
    });
  };
  let stopAskedAt: number | undefined;
  const onStop = (): void => {
    stopAskedAt ??= clock.now();
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  look();
  return {
    life() {
      const stoppingMs = stopAskedAt === undefined ? 0 : clock.now() - stopAskedAt;
      if (stoppingMs > stopWithinMs) return { status: 'stuck', stoppingMs };
      const least = Math.min(...lates);
      if (lates.length === looks && least >= lateMs) return { status: 'blocked', lateMs: least };
      return { status: 'ok' };
    },
    close() {
      cancel();
      signal.removeEventListener('abort', onStop);
    },
  };
}
