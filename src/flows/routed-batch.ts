/** What a stretch of the journal led to, written together: deliveries first, then the wake-ups, then `routedAt`. */

import type { Delivery } from '../domain/delivery.js';
import type { Queue } from '../ports/queue.js';
import type { Clock } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';

export interface BatchDeps {
  readonly store: {
    readonly deliveries: Pick<Store['deliveries'], 'add'>;
    readonly journal: Pick<Store['journal'], 'markRouted'>;
  };
  readonly queue: Pick<Queue, 'addMany'>;
  readonly clock: Clock;
}

/** A death between two of its writes only makes the journal rows be routed again, to the same deliveries. */
export class RoutedBatch {
  readonly #deps: BatchDeps;
  #deliveries: Delivery[] = [];
  #routed: string[] = [];

  constructor(deps: BatchDeps) {
    this.#deps = deps;
  }

  add(row: Delivery): void {
    this.#deliveries.push(row);
  }

  routed(journalId: string): void {
    this.#routed.push(journalId);
  }

  async flush(): Promise<void> {
    const { store, queue, clock } = this.#deps;
    const deliveries = this.#deliveries.splice(0);
    const routed = this.#routed.splice(0);
    const now = clock.now();
    if (deliveries.length > 0) {
      await store.deliveries.add(deliveries);
      await queue.addMany(
        deliveries.map((row) => ({ ...wakeUp(row), delayMs: Math.max(0, row.notBefore - now) })),
      );
    }
    if (routed.length > 0) await store.journal.markRouted(routed, now);
  }
}
