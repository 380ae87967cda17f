/** Work that goes on only while its lease is held. */

import type { Clock } from '../ports/runtime.js';

export type Time = Pick<Clock, 'now' | 'sleep'>;

/** A process that died is followed by another one after so long. */
export const heldMs = 15_000;
const renewEveryMs = 4_000;

/** Renews the lease for as long as the work takes; that a renewal failed is the work's to notice, before what it must not do then. */
export async function heldThroughout<T>(
  work: Promise<T>,
  renew: () => Promise<unknown>,
  time: Time,
): Promise<T> {
  const over = new AbortController();
  const worked = work.finally(() => over.abort());
  const renewing = async () => {
    for (;;) {
      await time.sleep(renewEveryMs, over.signal);
      if (over.signal.aborted) return;
      await renew().catch(() => undefined);
    }
  };
  const [result] = await Promise.all([worked, renewing()]);
  return result;
}
