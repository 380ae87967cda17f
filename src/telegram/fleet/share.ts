/** How many sessions this process may hold: all processes that hold sessions divide them evenly, and see one another by their leases. */

import type { Cancel, Clock, Log } from '../../ports/runtime.js';
import type { Leases } from '../../ports/store.js';
import { takeLease, type Lease, type LeaseDeps } from './lease.js';

export interface Share {
  /** Of so many sessions in all. */
  of(total: number): number;
  /** Others divide our sessions from here on; called before they are given back. */
  leave(): Promise<void>;
}

const prefix = 'process-';
const lookEveryMs = 1_000;
/** Leases are renewed every 4 s for 15 s: one that has missed two renewals is a dead process's, and nothing is kept free for it. */
const missedMs = 6_000;

/** Alone: everything. */
export const wholeShare: Share = { of: (total) => total, leave: async () => undefined };

/** Registers this process; resolves when it counts and the others are counted. A store that fails leaves the last count. */
export async function joinShare(
  deps: LeaseDeps & { leases: Leases; clock: Clock; log: Log },
): Promise<Share> {
  const { leases, clock, holder, log } = deps;
  const leaving = new AbortController();
  const name = `${prefix}${holder}`;
  let lease: Lease | undefined;
  let processes = 1;
  let cancel: Cancel = () => undefined;

  async function look(): Promise<void> {
    // Lost while we were frozen or the store was away: nobody else can have the name, so it is ours again at once.
    if (lease?.holds() !== true) lease = await takeLease(deps, name, leaving.signal);
    processes = Math.max(1, (await leases.living(prefix, clock.now() + missedMs)).length);
  }

  function again(): void {
    if (leaving.signal.aborted) return;
    cancel = clock.setTimer(lookEveryMs, () => {
      look()
        .catch((error: unknown) => log.warn('processes-not-counted', {}, error))
        .finally(again);
    });
  }

  await look();
  again();
  return {
    of: (total) => Math.ceil(total / processes),
    async leave() {
      leaving.abort();
      cancel();
      await lease?.release();
    },
  };
}
