/** Deliveries, the worker's side: what is left to send of a row, and how, is no longer what was planned. */

import { untold } from '../domain/delivery.js';
import type { Deliveries } from '../ports/store.js';
import { ofClaim, type DeliveryRows } from './delivery-row.js';

export function changing(
  rows: DeliveryRows,
): Pick<Deliveries, 'look' | 'stopLooking' | 'reissue' | 'redirect' | 'rewrite'> {
  return {
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
    async rewrite(claimed, parts) {
      await rows.updateOne(ofClaim(claimed), { $set: { parts: [...parts] } });
    },
  };
}
