/** Deliveries, the worker's side: recorded, postponed, finished. */

import type { DeliveryPart } from '../domain/delivery.js';
import type { Deliveries } from '../ports/store.js';
import type { DeliveryRows } from './delivery-row.js';

export function sending(rows: DeliveryRows): Pick<Deliveries, 'recordSent' | 'finish' | 'postpone'> {
  return {
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
