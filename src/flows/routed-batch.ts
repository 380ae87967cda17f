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

/** How long the first of a batch may wait for the last: a database far away must not hold back what is decided already. */
const longestMs = 200;

/** A death between two of its writes only makes the journal rows be routed again, to the same deliveries. */
export class RoutedBatch {
  readonly #deps: BatchDeps;
  #deliveries: Delivery[] = [];
  #routed: string[] = [];
  #begunAt: number | undefined;

  constructor(deps: BatchDeps) {
    this.#deps = deps;
  }

  add(row: Delivery): void {
    this.#begunAt ??= this.#deps.clock.now();
    this.#deliveries.push(row);
  }

  routed(journalId: string): void {
    this.#routed.push(journalId);
  }

  /** Writes the batch when its first delivery has waited long enough. */
  async flushInTime(): Promise<void> {
    if (this.#begunAt !== undefined && this.#deps.clock.now() - this.#begunAt >= longestMs)
      await this.flush();
  }

  async flush(): Promise<void> {
    const { store, queue, clock } = this.#deps;
    this.#begunAt = undefined;
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
