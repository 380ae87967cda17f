/** Deliveries, the router's side: rows and album parts are added, each once. */

import type { Filter } from 'mongodb';
import type { Deliveries } from '../ports/store.js';
import { toRow, isDuplicate } from './rows.js';
import type { DeliveryRow, DeliveryRows } from './delivery-row.js';

export function planning(rows: DeliveryRows): Pick<Deliveries, 'add' | 'addPart'> {
  return {
    async add(list) {
      try {
        await rows.insertMany(
          list.map((delivery) => ({ ...toRow(delivery), open: true as const })),
          { ordered: false },
        );
      } catch (error) {
        // A row that is there already was planned by an earlier run of the same routing.
        if (!isDuplicate(error)) throw error;
      }
    },
    async addPart(id, part, notBefore) {
      const fresh = {
        _id: id,
        state: 'queued',
        attempts: 0,
        'parts.msgId': { $ne: part.msgId },
      } as Filter<DeliveryRow>;
      const done = await rows.updateOne(fresh, { $push: { parts: part }, $set: { notBefore } });
      if (done.matchedCount === 1) return true;
      return (await rows.findOne({ _id: id, 'parts.msgId': part.msgId } as Filter<DeliveryRow>)) !== null;
    },
  };
}
