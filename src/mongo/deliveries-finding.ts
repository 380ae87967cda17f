/** Deliveries found: by id, by lane, by random id, by dialog. */

import type { Filter } from 'mongodb';
import { dialogId } from '../domain/ids.js';
import type { Deliveries } from '../ports/store.js';
import { read, type DeliveryRow, type DeliveryRows } from './delivery-row.js';

export function finding(
  rows: DeliveryRows,
): Pick<Deliveries, 'get' | 'head' | 'byRandomId' | 'outstanding' | 'openLanes'> {
  return {
    async get(id) {
      return read(await rows.findOne({ _id: id }));
    },
    async head(lane) {
      const found = await rows.find({ lane, open: true }).sort({ order: 1, _id: 1 }).limit(1).toArray();
      return read(found[0] ?? null);
    },
    async byRandomId(randomId) {
      const delivery = read(await rows.findOne({ randomIds: randomId, open: true } as Filter<DeliveryRow>));
      return delivery === undefined
        ? undefined
        : { delivery, position: delivery.randomIds.indexOf(randomId) };
    },
    async outstanding(connection, peer) {
      const filter = { dialog: dialogId(connection, peer), kind: 'answer' as const, open: true as const };
      return (await rows.findOne({ ...filter, state: { $in: ['sending', 'unknown'] } })) !== null;
    },
    async openLanes(after, limit) {
      return rows
        .aggregate<{ id: string; lane: string; notBefore: number }>([
          { $match: { open: true, lane: { $gt: after } } },
          { $sort: { lane: 1, order: 1, _id: 1 } },
          {
            $group: {
              _id: '$lane',
              id: { $first: '$_id' },
              lane: { $first: '$lane' },
              notBefore: { $first: '$notBefore' },
            },
          },
          // A group stage promises no order, and the next page begins behind this one.
          { $sort: { _id: 1 } },
          { $limit: limit },
        ])
        .toArray();
    },
  };
}
