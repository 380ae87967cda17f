import type { QueueHarness } from './harness.js';
import { describeJobs } from './jobs.js';
import { describeLife } from './life.js';
import { describeParallel } from './parallel.js';
import { describeTime } from './time.js';

/** Every queue promises this (src/ports/queue.ts). Called inside a `describe` of the adapter. */
export function describeQueue(harness: QueueHarness): void {
  describeJobs(harness);
  describeTime(harness);
  describeParallel(harness);
  describeLife(harness);
}
