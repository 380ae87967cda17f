/** The job that wakes a delivery. Its id is the row's, so that waking twice is harmless; its data is the lane to drain. */

import type { Delivery } from '../domain/delivery.js';
import type { JobKind } from '../domain/job.js';
import type { Job } from '../ports/queue.js';

/** `deliver` unless the lane's head carries a file. */
export function wakeUp(row: Pick<Delivery, 'id' | 'lane'>, kind: JobKind = 'deliver'): Job {
  return { kind, id: row.id, data: { lane: row.lane } };
}
