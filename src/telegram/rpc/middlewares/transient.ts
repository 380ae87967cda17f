import type { Clock } from '../../../ports/runtime.js';
import { isTransient } from '../errors.js';
import { isRepeatable } from '../request-class.js';
import type { Middleware } from './middleware.js';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;

/**
 * Repeats what Telegram could not do or did not answer, after 0.5, 1 and 2 s and a random part, within the deadline.
 * Only requests whose second execution changes nothing: the same random id is sent again.
 */
export function transientRetry(clock: Clock, random: () => number = Math.random): Middleware {
  return async (request, context, next) => {
    for (let failures = 1; ; failures++) {
      try {
        return await next(request, context);
      } catch (thrown) {
        const delayMs = FIRST_DELAY_MS * 2 ** (failures - 1) * (1 + random() / 2);
        const late = clock.now() + delayMs >= context.deadlineAtMs;
        if (!isTransient(thrown) || !isRepeatable(request) || failures === ATTEMPTS || late) throw thrown;
        await clock.sleep(delayMs, context.signal);
        if (context.signal?.aborted === true) throw thrown;
      }
    }
  };
}
