/** Collection `leases`: who holds what until when. Times are the holders' clocks; the margin between them is the taker's wait. */

import type { Db } from 'mongodb';
import type { Leases } from '../ports/store.js';
import { isDuplicate } from './rows.js';

interface LeaseRow {
  readonly _id: string;
  /** Empty after a release: the row stays, so that its fence never shrinks. */
  readonly holder: string;
  readonly fence: number;
  /** Unix ms. */
  readonly until: number;
}

/** In a collection of their own, unless a lease is to stand among other rows. */
export function createLeases(db: Db, collection = 'leases'): Leases {
  const rows = db.collection<LeaseRow>(collection);
  return {
    async take(name, holder, ttlMs, now) {
      const until = now + ttlMs;
      const free = { _id: name, $or: [{ until: { $lte: now } }, { holder }] };
      try {
        const former = await rows.findOneAndUpdate(
          free,
          { $set: { holder, until }, $inc: { fence: 1 } },
          { upsert: true, returnDocument: 'before' },
        );
        if (former === null) return { fence: 1, until };
        const abandoned = former.holder !== '' && former.holder !== holder;
        return { fence: former.fence + 1, until, ...(abandoned ? { abandonedAt: former.until } : {}) };
      } catch (error) {
        // The row exists but is not free: the upsert tried to insert its id a second time.
        if (isDuplicate(error)) return undefined;
        throw error;
      }
    },
    async renew(name, holder, fence, ttlMs, now) {
      const done = await rows.updateOne({ _id: name, holder, fence }, { $set: { until: now + ttlMs } });
      return done.matchedCount === 1;
    },
    async release(name, holder, fence) {
      await rows.updateOne({ _id: name, holder, fence }, { $set: { holder: '', until: 0 } });
    },
    async living(prefix, now) {
      // `~` sorts behind everything that a name holds.
      const held = rows.find({ _id: { $gte: prefix, $lt: `${prefix}~` }, until: { $gt: now } });
      return (await held.toArray()).map((row) => row._id);
    },
  };
}
