/** The job that wakes a delivery. Its id is the row's, so that waking twice is harmless; its data is the lane to drain. */

import type { Delivery } from '../domain/delivery.js';
import type { JobKind } from '../domain/job.js';
import type { Job, JobAnswer } from '../ports/queue.js';

/**
 * A wait as the queue is told it. Long ones are left to the sweep, which comes every few seconds: a job that lies in the queue
 * could not be woken sooner (Queue.add leaves its due time), and who puts things right wants to see it at once.
 */
export function laterIn(delayMs: number): JobAnswer {
  return delayMs > longInQueueMs ? 'done' : { again: delayMs };
}

export const longInQueueMs = 5000;

/** `deliver` unless the lane's head carries a file. */
export function wakeUp(row: Pick<Delivery, 'id' | 'lane'>, kind: JobKind = 'deliver'): Job {
  return { kind, id: row.id, data: { lane: row.lane } };
}
