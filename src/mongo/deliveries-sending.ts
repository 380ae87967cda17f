/** Deliveries, the worker's side: recorded, given new ids, postponed, finished. */

import type { Filter } from 'mongodb';
import { untold, type Delivery, type DeliveryPart } from '../domain/delivery.js';
import type { Deliveries } from '../ports/store.js';
import type { DeliveryRow, DeliveryRows } from './delivery-row.js';

export function sending(
  rows: DeliveryRows,
): Pick<
  Deliveries,
  'recordSent' | 'look' | 'stopLooking' | 'reissue' | 'redirect' | 'retryNow' | 'finish' | 'postpone'
> {
  return {
    async recordSent(id, position, randomId, msgId) {
      const holding = { _id: id, randomIds: randomId } as Filter<DeliveryRow>;
      await rows.updateOne(holding, { $set: { [`sentIds.${position}`]: msgId } as never });
    },
    async look(claimed) {
      await rows.updateOne(ofClaim(claimed), { $inc: { looks: 1 } });
    },
    async stopLooking(claimed, positions) {
      const ids = Object.fromEntries(positions.map((position) => [`sentIds.${position}`, untold]));
      await rows.updateOne(ofClaim(claimed), { $set: { ...ids, looks: 0 } as never });
    },
    async reissue(claimed, msgIds) {
      const row = await rows.findOne(ofClaim(claimed));
      if (row === null) return false;
      const sentIds = row.sentIds.map((sent) => (sent !== null && msgIds.includes(sent) ? null : sent));
      const change = { $set: { randomIds: [], sentIds }, $inc: { reissued: 1 } };
      return (await rows.updateOne(ofClaim(claimed), change)).matchedCount === 1;
    },
    async redirect(claimed, to) {
      await rows.updateOne(ofClaim(claimed), {
        $set: { ...to, randomIds: [], sentIds: [] },
        $inc: { reissued: 1 },
      });
    },
    async retryNow(whose, errors) {
      const waiting = { open: true as const, ...whose, error: { $in: [...errors] }, notBefore: { $gt: 0 } };
      const { modifiedCount } = await rows.updateMany(waiting, { $set: { notBefore: 0 } });
      return modifiedCount > 0;
    },
    async finish(delivery, state, error) {
      await rows.updateOne(ofClaim(delivery), {
        $set: {
          state,
          finishedAt: new Date(),
          parts: delivery.parts.map(emptied),
          ...(error === undefined ? {} : { error }),
        },
        $unset: { open: '', claim: '' },
      });
    },
    async postpone(claimed, state, notBefore, error) {
      await rows.updateOne(ofClaim(claimed), {
        $set: { state, notBefore, ...(error === undefined ? {} : { error }) },
        $unset: { claim: '' },
      });
    },
  };
}

/** Every claim counts an attempt: whoever comes back late, to a row that was claimed again meanwhile, finds nothing to change. */
function ofClaim({ id, attempts }: Pick<Delivery, 'id' | 'attempts'>): Filter<DeliveryRow> {
  return { _id: id, open: true, attempts };
}

/** Contents go when the row is final; ids and dates stay. */
function emptied(part: DeliveryPart): DeliveryPart {
  return { ...part, content: { text: { text: '', entities: [] } } };
}
