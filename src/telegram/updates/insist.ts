/** Repeats a write until it holds. Writes of the engine bear repetition, so a lost answer and a failure are the same. */
import { asGatewayError, type GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';

const firstPauseMs = 100;
const longestPauseMs = 5000;

export interface Insist {
  /** Resolves when the write holds, or when nothing may be written any more (`stopped`). Never rejects. */
  write(action: () => Promise<void>): Promise<void>;
  readonly stopped: boolean;
  /** From now on the first failure stops everything. */
  giveUpSoon(): void;
  stop(): void;
}

/** `stale` hears that another process has taken over; nothing is written after it. */
export function createInsist(clock: Clock, stale: (error: GatewayError) => void): Insist {
  let stopped = false;
  let impatient = false;
  let wake: () => void = () => undefined;

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.setTimer(delayMs, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  }

  return {
    async write(action) {
      for (let attempt = 0; !stopped; attempt += 1) {
        try {
          await action();
          return;
        } catch (thrown) {
          const error = asGatewayError(thrown);
          const overtaken = error.code === 'STALE_FENCE';
          stopped ||= overtaken || impatient;
          if (overtaken) stale(error);
          else if (!stopped) await pause(Math.min(firstPauseMs * 2 ** Math.min(attempt, 10), longestPauseMs));
        }
      }
    },
    get stopped() {
      return stopped;
    },
    giveUpSoon() {
      impatient = true;
      wake();
    },
    stop() {
      stopped = true;
      wake();
    },
  };
}
