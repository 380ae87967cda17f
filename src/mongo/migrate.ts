/** Brings a database up to this version: at every start, by whichever process comes first. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import { heldMs, heldThroughout, type Time } from './held.js';
import { ensureIndexes } from './indexes.js';
import { createLeases } from './leases.js';
import { migrations, pendingMigrations, type Migration, type MigrationRow } from './migrations.js';

/** A store is opened before anything is wired, also by commands that have no clock. */
export const machineTime: Time = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};

const leaseName = 'migrations';
const lookEveryMs = 250;

/**
 * Runs the pending steps under a lease, then makes the indexes that are declared but not there. Where another process is at it, waits
 * until that one is done, or has died, or `signal` calls the wait off with its reason. Answers the names of the steps that were run here. Throws VERSION_TOO_OLD,
 * RESTORE_UNFINISHED, STALE_FENCE when the lease was lost in the middle (a process that had stopped for long), and what a step throws.
 */
export async function migrate(
  db: Db,
  time: Time = machineTime,
  list: readonly Migration[] = migrations,
  signal?: AbortSignal,
): Promise<string[]> {
  const leases = createLeases(db);
  const holder = randomUUID();
  const done: string[] = [];
  while ((await pendingMigrations(db, list)).length > 0) {
    const lease = await leases.take(leaseName, holder, heldMs, time.now());
    if (lease === undefined) {
      await time.sleep(lookEveryMs, signal);
      signal?.throwIfAborted();
      continue;
    }
    const renew = () => leases.renew(leaseName, holder, lease.fence, heldMs, time.now());
    try {
      // Read again under the lease: another process may have run them since.
      for (const step of await pendingMigrations(db, list)) {
        await heldThroughout(step.run(db), renew, time);
        if (!(await renew())) throw new GatewayError('STALE_FENCE', leaseName);
        await recordStep(db, step.name, time.now());
        done.push(step.name);
      }
    } finally {
      await leases.release(leaseName, holder, lease.fence);
    }
  }
  await ensureIndexes(db);
  return done;
}

async function recordStep(db: Db, name: string, now: number): Promise<void> {
  const rows = db.collection<MigrationRow>('migrations');
  await rows.updateOne({ _id: name }, { $setOnInsert: { at: new Date(now) } }, { upsert: true });
}
