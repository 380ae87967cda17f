/** Finds again what no wake-up will bring: unrouted journal rows, open lanes, and what a team must be told of its sessions and holes, at start and every few seconds. */

import { alertDeadSessions } from '../flows/dead-sessions.js';
import type { Ingest } from '../flows/ingest.js';
import { alertHoles } from '../flows/open-holes.js';
import { wakeOpenLanes } from '../flows/open-lanes.js';
import type { Holes } from '../ports/holes.js';
import type { Queue } from '../ports/queue.js';
import type { Cancel, Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { every } from './every.js';

const everyMs = 5000;

export interface SweepParts {
  readonly store: Pick<Store, 'connections' | 'deliveries'> & {
    readonly holes: Pick<Holes, 'untold' | 'told'>;
  };
  readonly ingest: Ingest;
  readonly queue: Pick<Queue, 'add' | 'addMany'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sweeps once before it resolves, then goes on until cancelled. A sweep that fails is made up for by the next. */
export function startSweep(parts: SweepParts): Promise<Cancel> {
  const failed = (error: unknown): void => parts.log.warn('sweep-failed', {}, error);
  return every(parts.clock, everyMs, () => sweep(parts), failed);
}

/** One look that fails keeps no other from looking. */
async function sweep(parts: SweepParts): Promise<void> {
  const ends = await Promise.allSettled([
    parts.ingest.sweep(),
    wakeOpenLanes(parts, parts.clock.now()),
    alertDeadSessions(parts),
    alertHoles(parts),
  ]);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
