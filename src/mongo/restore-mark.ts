/**
 * The mark of a restore. It stands among the names of migrations, so that every version refuses the database meanwhile, and it is a
 * lease, so that one restore is at work at a time. Only one with `begun` says that the rows are a restore's: any other database that
 * holds rows is somebody's, whatever has died on it.
 */

import type { Db } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import type { Connected } from './connect.js';
import { inOurWord } from './failures.js';
import { heldMs, heldThroughout, type Time } from './held.js';
import { createLeases } from './leases.js';
import { refuseUnknown, restoreMark } from './migrations.js';

interface MarkRow {
  readonly _id: string;
  readonly holder: string;
  readonly fence: number;
  readonly begun?: true;
}

export interface RestoreMark {
  /** Before the first write of rows: looks for a gateway or rows that came before the mark was seen, and makes it one that stays. Throws NOT_EMPTY. */
  begin(): Promise<void>;
  /** Before each write: throws STALE_FENCE when another restore has taken over, as from a process that was stopped for long. */
  confirm(): Promise<void>;
}

/**
 * Lets one restore work at a time, on a database that is empty or that a restore has left half-way. The mark goes when the work is
 * done, and when it fails before it has begun to write; else it stays, and the next restore may begin at once. `holder`: no two
 * living ones have the same name. Throws NOT_EMPTY, also while another restore is at work, STALE_FENCE, and what the work throws.
 */
export async function underRestoreMark<T>(
  { db, hosts }: Connected,
  { holder, time }: { readonly holder: string; readonly time: Time },
  work: (mark: RestoreMark) => Promise<T>,
): Promise<T> {
  const leases = createLeases(db, 'migrations');
  const rows = db.collection<MarkRow>('migrations');
  try {
    await refuseUnlessEmpty(db, time.now());
    const lease = await leases.take(restoreMark, holder, heldMs, time.now());
    if (lease === undefined) throw new GatewayError('NOT_EMPTY', underWay);
    const ours = { _id: restoreMark, holder, fence: lease.fence };
    const renew = () => leases.renew(restoreMark, holder, lease.fence, heldMs, time.now());
    const mark: RestoreMark = {
      async begin() {
        await refuseUnlessEmpty(db, time.now());
        const { matchedCount } = await rows.updateOne(ours, { $set: { begun: true } });
        if (matchedCount === 0) throw takenOver();
      },
      async confirm() {
        if (!(await renew())) throw takenOver();
      },
    };
    try {
      const result = await heldThroughout(work(mark), renew, time);
      await refuseRunning(db, time.now());
      if ((await rows.deleteOne(ours)).deletedCount === 0) throw takenOver();
      return result;
    } catch (error) {
      await rows
        .deleteOne({ ...ours, begun: { $exists: false } })
        .then(() => leases.release(restoreMark, holder, lease.fence))
        // It runs out by itself; why the restore failed is what somebody must read.
        .catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw inOurWord(error, hosts);
  }
}

const underWay = `a restore that is at work or died less than ${heldMs / 1000} s ago`;

function takenOver(): GatewayError {
  return new GatewayError('STALE_FENCE', 'the restore');
}

/** Throws NOT_EMPTY when the database holds anything but what an opened one has at once, or what a restore that died has left. VERSION_TOO_OLD. */
export async function refuseUnlessEmpty(db: Db, now: number): Promise<void> {
  const steps = await db.collection<MarkRow>('migrations').find({}).toArray();
  const isRestores = steps.some(({ _id, begun }) => _id === restoreMark && begun === true);
  const names = steps.map(({ _id }) => _id);
  refuseUnknown(
    names.filter((name) => name !== restoreMark),
    'The database',
  );
  const free = new Set(['migrations', 'leases', 'identity']);
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('system.') || free.has(name) || isRestores) continue;
    if ((await db.collection(name).findOne({})) !== null)
      throw new GatewayError('NOT_EMPTY', `rows in ${name}`);
  }
  await refuseRunning(db, now);
}

async function refuseRunning(db: Db, now: number): Promise<void> {
  if ((await db.collection('leases').findOne({ until: { $gt: now } })) !== null)
    throw new GatewayError('NOT_EMPTY', 'a gateway that is running');
}
