/** Leases as a process sees them that has a share: beyond it nothing can be taken, whatever is free. */

import type { Clock } from '../../ports/runtime.js';
import type { Leases } from '../../ports/store.js';

export interface SharedLeases extends Leases {
  /** How many this process holds: taken or renewed, and neither given back nor run out. */
  held(): number;
}

/** `allowed` is asked at each taking. Without room the store is not even asked. */
export function withinShare(leases: Leases, clock: Clock, allowed: () => number): SharedLeases {
  const until = new Map<string, number>();
  let asking = 0;

  function held(): number {
    const now = clock.now();
    return [...until.values()].filter((end) => end > now).length;
  }

  return {
    held,
    async take(name, holder, ttlMs, now) {
      if (held() + asking >= allowed()) return undefined;
      asking += 1;
      try {
        const taken = await leases.take(name, holder, ttlMs, now);
        if (taken !== undefined) until.set(name, taken.until);
        return taken;
      } finally {
        asking -= 1;
      }
    },
    async renew(name, holder, fence, ttlMs, now) {
      const renewed = await leases.renew(name, holder, fence, ttlMs, now);
      if (renewed) until.set(name, now + ttlMs);
      else until.delete(name);
      return renewed;
    },
    async release(name, holder, fence) {
      until.delete(name);
      await leases.release(name, holder, fence);
    },
    living: (prefix, now) => leases.living(prefix, now),
  };
}
