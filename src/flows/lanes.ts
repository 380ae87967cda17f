/** One drain at a time per lane in this process. A wake-up during a drain makes it look once more, so none is lost. */

import type { JobAnswer } from '../ports/queue.js';

export interface Lanes {
  /** Runs the drain, or tells the one that runs already to look again and answers at once. */
  run(lane: string, drain: () => Promise<JobAnswer>): Promise<JobAnswer>;
}

export function createLanes(): Lanes {
  const wakened = new Map<string, boolean>();
  return {
    async run(lane, drain) {
      if (wakened.has(lane)) {
        wakened.set(lane, true);
        return 'done';
      }
      wakened.set(lane, false);
      try {
        for (;;) {
          const answer = await drain();
          if (answer !== 'done' || wakened.get(lane) !== true) return answer;
          wakened.set(lane, false);
        }
      } finally {
        wakened.delete(lane);
      }
    },
  };
}
