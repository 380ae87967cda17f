/** Deliveries found: by id, by lane, by random id, by dialog. */

import type { Filter } from 'mongodb';
import { dialogId } from '../domain/ids.js';
import type { Deliveries } from '../ports/store.js';
import { read, type DeliveryRow, type DeliveryRows } from './delivery-row.js';

type OpenLane = Awaited<ReturnType<Deliveries['openLanes']>>[number];

/** A lane with more open rows than a page is passed over at its first row. */
const rowsPerPage = 1000;

export function finding(
  rows: DeliveryRows,
): Pick<Deliveries, 'get' | 'head' | 'byRandomIds' | 'outstanding' | 'floodedUntil' | 'openLanes'> {
  return {
    async get(id) {
      return read(await rows.findOne({ _id: id }));
    },
    async head(lane) {
      const found = await rows.find({ lane, open: true }).sort({ order: 1, _id: 1 }).limit(1).toArray();
      return read(found[0] ?? null);
    },
    async byRandomIds(randomIds) {
      const wanted = new Set(randomIds);
      const holding = { randomIds: { $in: [...wanted] }, open: true } as Filter<DeliveryRow>;
      const found = (await rows.find(holding).toArray()).flatMap((row) => read(row) ?? []);
      return new Map(
        found.flatMap((delivery) =>
          delivery.randomIds.flatMap((randomId, position) =>
            wanted.has(randomId) ? [[randomId, { delivery, position }] as const] : [],
          ),
        ),
      );
    },
    async outstanding(connection, peer, msgId) {
      const answers = { dialog: dialogId(connection, peer), kind: 'answer' as const, open: true as const };
      const underWay: Filter<DeliveryRow>[] = [
        { state: { $in: ['sending', 'unknown'] } },
        { sentIds: msgId },
      ];
      return (await rows.findOne({ ...answers, $or: underWay })) !== null;
    },
    async floodedUntil(group, now) {
      const waits = { open: true as const, group, error: 'FLOOD_WAIT', notBefore: { $gt: now } };
      const posts: Filter<DeliveryRow> = { ...waits, kind: { $nin: ['answer', 'mark'] } };
      const [last] = await rows.find(posts).sort({ notBefore: -1 }).limit(1).toArray();
      return last?.notBefore ?? 0;
    },
    async openLanes(after, limit) {
      const lanes: OpenLane[] = [];
      for (let from = after; lanes.length < limit;) {
        const page = await rows
          .find({ open: true, lane: { $gt: from } })
          .sort({ lane: 1, order: 1, _id: 1 })
          .limit(rowsPerPage)
          .project<Omit<OpenLane, 'id'> & { readonly _id: string }>({ lane: 1, notBefore: 1 })
          .toArray();
        for (const { _id, lane, notBefore } of page) {
          if (lane === from || lanes.length === limit) continue;
          lanes.push({ id: _id, lane, notBefore });
          from = lane;
        }
        if (page.length < rowsPerPage) break;
      }
      return lanes;
    },
  };
}
