/** How many sessions this process may hold: all processes that hold sessions divide them evenly, and see one another by their leases. */

import type { Cancel, Clock, Log } from '../../ports/runtime.js';
import type { Leases } from '../../ports/store.js';
import { takeLease, type Lease, type LeaseDeps } from './lease.js';

export interface Share {
  /**
   * Counts this process in, and the others; called when it is ready to take its part, since they give way to it at once. Waits for a
   * store that is away, until the signal is aborted: then it throws its reason. A store that fails later leaves the last count.
   */
  join(signal?: AbortSignal): Promise<void>;
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
export const wholeShare: Share = {
  join: async () => undefined,
  of: (total) => total,
  leave: async () => undefined,
};

/** One part for each process that has joined. */
export function createShare(deps: LeaseDeps & { leases: Leases; clock: Clock; log: Log }): Share {
  const { leases, clock, holder, log } = deps;
  const leaving = new AbortController();
  const name = `${prefix}${holder}`;
  let lease: Lease | undefined;
  let processes = 1;
  let cancel: Cancel = () => undefined;

  async function look(signal?: AbortSignal): Promise<void> {
    // `any` leaves something behind at each call, and this is made every second.
    const over = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
    // Lost while we were frozen or the store was away: nobody else can have the name, so it is ours again at once.
    if (lease?.holds() !== true) lease = await takeLease(deps, name, over);
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

  return {
    async join(signal) {
      await look(signal);
      signal?.throwIfAborted();
      again();
    },
    of: (total) => Math.ceil(total / processes),
    async leave() {
      leaving.abort();
      cancel();
      await lease?.release();
    },
  };
}
