/** Deliveries, the worker's side: recorded, postponed, finished. */

import type { Filter } from 'mongodb';
import type { DeliveryPart } from '../domain/delivery.js';
import type { Deliveries } from '../ports/store.js';
import { ofClaim, type DeliveryRow, type DeliveryRows } from './delivery-row.js';

export function sending(
  rows: DeliveryRows,
): Pick<Deliveries, 'recordSent' | 'retryNow' | 'finish' | 'postpone'> {
  return {
    async recordSent(id, position, randomId, msgId) {
      const holding = { _id: id, randomIds: randomId } as Filter<DeliveryRow>;
      await rows.updateOne(holding, { $set: { [`sentIds.${position}`]: msgId } as never });
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

/** Contents go when the row is final; ids and dates stay. */
function emptied(part: DeliveryPart): DeliveryPart {
  return { ...part, content: { text: { text: '', entities: [] } } };
}
