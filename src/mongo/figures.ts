/** Counts over the partial indexes of open deliveries and unrouted rows: their size is the backlog's, not the installation's. */

import type { Db } from 'mongodb';
import type { OwnerId } from '../domain/ids.js';
import type { Figures, OpenDeliveries } from '../ports/figures.js';

const withinMs = 1000;

interface OpenGroup {
  readonly _id: Pick<OpenDeliveries, 'kind' | 'state'>;
  readonly count: number;
  readonly oldestAt: number;
}

export function createFigures(db: Db): Figures {
  const deliveries = db.collection('deliveries');
  const journal = db.collection('journal');
  // A partial index is used only under a condition on its first field; every lane and owner is greater than ''.
  const limits = { maxTimeMS: withinMs };
  return {
    async ping() {
      await db.command({ ping: 1 });
    },
    async openDeliveries() {
      const groups = await deliveries
        .aggregate<OpenGroup>(
          [
            { $match: { open: true, lane: { $gt: '' } } },
            {
              $group: {
                _id: { kind: '$kind', state: '$state' },
                count: { $sum: 1 },
                oldestAt: { $min: '$createdAt' },
              },
            },
          ],
          limits,
        )
        .toArray();
      return groups.map(({ _id, count, oldestAt }) => ({ ..._id, count, oldestAt }));
    },
    async unrouted() {
      const groups = await journal
        .aggregate<{ _id: OwnerId; count: number; oldestAt: number }>(
          [
            { $match: { unrouted: true, owner: { $gt: '' } } },
            { $group: { _id: '$owner', count: { $sum: 1 }, oldestAt: { $min: '$receivedAt' } } },
          ],
          limits,
        )
        .toArray();
      return groups.map(({ _id, count, oldestAt }) => ({ owner: _id, count, oldestAt }));
    },
  };
}
