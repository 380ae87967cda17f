/** Wakes every lane that has something to send now: what a lost wake-up, a cleared queue or a dead process left behind. */

import type { Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { longInQueueMs, wakeUp } from './jobs.js';

const atOnce = 1000;

/** All of them, page by page. A lane that waits for longer than a job may is left to a later look. */
export async function wakeOpenLanes(
  deps: {
    readonly store: { readonly deliveries: Pick<Store['deliveries'], 'openLanes'> };
    readonly queue: Pick<Queue, 'addMany'>;
  },
  now: number,
): Promise<void> {
  let after = '';
  for (;;) {
    const lanes = await deps.store.deliveries.openLanes(after, atOnce);
    const due = lanes.filter(({ notBefore }) => notBefore - now <= longInQueueMs);
    if (due.length > 0) await deps.queue.addMany(due.map((row) => wakeUp(row)));
    const last = lanes.at(-1);
    if (last === undefined || lanes.length < atOnce) return;
    after = last.lane;
  }
}
