/** Who sends a row now: a claim is taken by compare-and-set and is the lane's lease. */

import type { Deliveries } from '../ports/store.js';
import { read, type DeliveryRows } from './delivery-row.js';

export function claiming(rows: DeliveryRows): Pick<Deliveries, 'claim' | 'renewClaim' | 'releaseClaims'> {
  return {
    async claim(row, claim, randomIds) {
      const unchanged = {
        _id: row.id,
        state: row.state,
        attempts: row.attempts,
        parts: { $size: row.parts.length },
      };
      const free = {
        $or: [
          { claim: { $exists: false } },
          { 'claim.by': claim.by },
          { 'claim.until': { $lte: claim.now } },
        ],
      };
      const taken = await rows.findOneAndUpdate(
        { ...unchanged, ...free },
        {
          $set: { state: 'sending', claim: { by: claim.by, until: claim.until }, randomIds: [...randomIds] },
          $inc: { attempts: 1 },
        },
        { returnDocument: 'after' },
      );
      return read(taken);
    },
    async renewClaim(id, by, until) {
      await rows.updateOne({ _id: id, 'claim.by': by }, { $set: { 'claim.until': until } as never });
    },
    async releaseClaims() {
      // A partial index is used only under a condition on its first field.
      await rows.updateMany(
        { open: true, lane: { $gt: '' }, claim: { $exists: true } },
        { $unset: { claim: '' } },
      );
    },
  };
}
