/** Collection `holes`, the people's side. `news` is there exactly as long as somebody must be told. */

import type { Db } from 'mongodb';
import { rowId, type OwnerId } from '../domain/ids.js';
import type { HoleNews, Holes, OpenHoles } from '../ports/holes.js';
import type { Hole } from '../ports/updates.js';

export type HoleRow = Hole & {
  /** Until it is fetched. */
  readonly open?: true;
  readonly closedAt?: Date;
  /** Nothing will fetch it; unix ms. */
  readonly lostAt?: number;
  readonly news?: HoleNews;
  /** The team knows it as lost. */
  readonly told?: true;
};

const reasons: readonly Hole['reason'][] = [
  'too-long',
  'timestamp-invalid',
  'pts-reset',
  'denied',
  'inaccessible',
  'unreadable',
];

export function createHoles(db: Db): Holes {
  const holes = db.collection<HoleRow>('holes');
  const journal = db.collection<{ readonly _id: string; readonly receivedAt: number }>('journal');

  /** When the message before the hole was received, as long as the journal remembers it. */
  async function knownUntil({ owner, box, afterMsgId }: Hole): Promise<{ knownUntil?: number }> {
    const row = await journal.findOne({ _id: rowId(owner, 'n', box, afterMsgId) });
    return row === null ? {} : { knownUntil: row.receivedAt };
  }

  return {
    async untold(limit) {
      const found = await holes
        .find({ news: { $gt: '' as HoleNews } })
        .sort({ news: 1, openedAt: 1 })
        .limit(limit)
        .toArray();
      return Promise.all(
        found.map(async ({ open, closedAt, lostAt, news = 'lost', told, ...hole }) => ({
          ...hole,
          news,
          at: closedAt?.getTime() ?? lostAt ?? hole.openedAt,
          ...(await knownUntil(hole)),
        })),
      );
    },
    async told(id, news) {
      const known = news === 'lost' ? { $set: { told: true as const } } : {};
      const unset = news === 'lost' ? { news: '' as const } : { news: '' as const, told: '' as const };
      await holes.updateOne({ _id: id, news }, { ...known, $unset: unset });
    },
    async countOpen() {
      // Few by nature: each stands for a stretch that Telegram did not replay.
      const found = await holes
        .find({ open: true })
        .project<Pick<HoleRow, 'owner' | 'lostAt'>>({ owner: 1, lostAt: 1 })
        .toArray();
      const counts = new Map<OwnerId, OpenHoles>();
      for (const { owner, lostAt } of found) {
        const { count, lost } = counts.get(owner) ?? { count: 0, lost: 0 };
        counts.set(owner, { owner, count: count + 1, lost: lost + (lostAt === undefined ? 0 : 1) });
      }
      return [...counts.values()];
    },
    async countEver() {
      const groups = await holes
        .aggregate<{ _id: Hole['reason']; count: number }>([
          { $match: { reason: { $in: [...reasons] } } },
          { $group: { _id: '$reason', count: { $sum: 1 } } },
        ])
        .toArray();
      return groups.map(({ _id, count }) => ({ reason: _id, count }));
    },
  };
}
