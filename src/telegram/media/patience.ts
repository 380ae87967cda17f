/** Calls that move one part of a file: repeating them is harmless, so trouble costs time and not the transfer. */

import type { Clock } from '../../ports/runtime.js';
import { floodSeconds, isTransient } from '../rpc/errors.js';

/** A longer wait gives its slot away: the error goes up and the delivery is tried again after it. */
const longestWaitS = 60;
const attempts = 4;

/** Waits floods out exactly, up to a minute each; repeats Telegram's own trouble after 1, 2 and 4 seconds. */
export async function patiently<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await attempt();
    } catch (thrown) {
      const waitS = floodSeconds(thrown);
      if (waitS === undefined) {
        failures += 1;
        if (!isTransient(thrown) || failures === attempts) throw thrown;
        await clock.sleep(1000 * 2 ** (failures - 1));
      } else {
        if (waitS > longestWaitS) throw thrown;
        await clock.sleep(waitS * 1000);
      }
    }
  }
}
