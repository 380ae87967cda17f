/** Whether this process can do its work now. */

import type { Figures } from '../ports/figures.js';
import type { Queue } from '../ports/queue.js';
import type { Clock } from '../ports/runtime.js';
import { shared, within } from './bounded.js';

/** What is not there: fixed words and sentences, never a name, an address or a text of somebody else. */
export interface Missing {
  readonly part: 'start' | 'run' | 'store' | 'queue';
  readonly why: string;
}

export interface Readiness {
  /** The start is finished. */
  started(): void;
  /** Everything that is missing; answers within two seconds. */
  missing(): Promise<readonly Missing[]>;
}

export interface ReadinessParts {
  readonly figures: Pick<Figures, 'ping'>;
  readonly queue: Pick<Queue, 'counts'>;
  readonly clock: Clock;
  /** Aborted when a stop is asked for: not ready from that moment on. */
  readonly signal: AbortSignal;
}

const answerWithinMs = 2000;

export function createReadiness({ figures, queue, clock, signal }: ReadinessParts): Readiness {
  let isStarted = false;
  const askStore = shared(() => figures.ping());
  const askQueue = shared(() => queue.counts('deliver'));
  return {
    started() {
      isStarted = true;
    },
    async missing() {
      const [store, jobs] = await Promise.all([
        within(clock, answerWithinMs, askStore()),
        within(clock, answerWithinMs, askQueue()),
      ]);
      const missing: Missing[] = [];
      if (signal.aborted) missing.push({ part: 'run', why: 'The process is stopping.' });
      else if (!isStarted) missing.push({ part: 'start', why: 'The start is not finished.' });
      if (store === undefined) missing.push({ part: 'store', why: `The store gives no answer.` });
      if (jobs === undefined) missing.push({ part: 'queue', why: `The queue gives no answer.` });
      return missing;
    },
  };
}
