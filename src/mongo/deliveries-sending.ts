/** Deliveries, the worker's side: claimed, recorded, postponed, finished. */

import type { DeliveryPart } from '../domain/delivery.js';
import type { Deliveries } from '../ports/store.js';
import { read, type DeliveryRows } from './delivery-row.js';

type Sending = Pick<
  Deliveries,
  'claim' | 'renewClaim' | 'releaseClaims' | 'recordSent' | 'finish' | 'postpone'
>;

export function sending(rows: DeliveryRows): Sending {
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
      await rows.updateOne(
        { _id: id, 'claim.by': by },
        {
          $set: { 'claim.until': until } as never,
        },
      );
    },
    async releaseClaims() {
      await rows.updateMany({ open: true, claim: { $exists: true } }, { $unset: { claim: '' } });
    },
    async recordSent(id, position, msgId) {
      await rows.updateOne({ _id: id }, { $set: { [`sentIds.${position}`]: msgId } as never });
    },
    async finish(delivery, state, error) {
      await rows.updateOne(
        { _id: delivery.id, open: true },
        {
          $set: {
            state,
            finishedAt: new Date(),
            parts: delivery.parts.map(emptied),
            ...(error === undefined ? {} : { error }),
          },
          $unset: { open: '', claim: '' },
        },
      );
    },
    async postpone(id, state, notBefore, error) {
      await rows.updateOne(
        { _id: id, open: true },
        { $set: { state, notBefore, ...(error === undefined ? {} : { error }) }, $unset: { claim: '' } },
      );
    },
  };
}

/** Contents go when the row is final; ids and dates stay. */
function emptied(part: DeliveryPart): DeliveryPart {
  return { ...part, content: { text: { text: '', entities: [] } } };
}
