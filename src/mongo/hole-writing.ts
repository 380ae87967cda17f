/** Collection `holes`, the update engine's side. A hole may be opened, lost and closed again: what its team must hear of follows from that. */

import type { Collection } from 'mongodb';
import type { OwnerId } from '../domain/ids.js';
import type { Hole, UpdateStore } from '../ports/updates.js';
import type { HoleRow } from './holes.js';

type HoleWriting = Pick<UpdateStore, 'recordHole' | 'loseHole' | 'closeHole' | 'countOpenHoles'>;

/** `claim` writes the fence where an older one stands, and throws STALE_FENCE where a newer one does. */
export function holeWriting(
  holes: Collection<HoleRow>,
  claim: (owner: OwnerId, fence: number) => Promise<void>,
): HoleWriting {
  return {
    async recordHole(owner, fence, hole) {
      await claim(owner, fence);
      const { _id, ...fields } = hole;
      await holes.updateOne(
        { _id },
        { $set: { ...fields, open: true }, $unset: { closedAt: '', lostAt: '', news: '' } },
        { upsert: true },
      );
    },
    async loseHole(owner, fence, id, lostAt) {
      await claim(owner, fence);
      await holes.updateOne({ _id: id }, { $set: { lostAt } });
      // Nothing new for a team that knows it as lost from before a crash.
      await holes.updateOne({ _id: id, told: { $exists: false } }, { $set: { news: 'lost' } });
    },
    async closeHole(_owner, _fence, id, closedAt) {
      await holes.updateOne(
        { _id: id },
        { $set: { closedAt: new Date(closedAt) }, $unset: { open: '', lostAt: '', news: '' } },
      );
      await holes.updateOne({ _id: id, told: true }, { $set: { news: 'found' } });
    },
    async countOpenHoles(owner) {
      return holes.countDocuments({ owner, open: true });
    },
  };
}

/** The holes of an owner that nobody has filled. */
export async function openHolesOf(holes: Collection<HoleRow>, owner: OwnerId): Promise<Hole[]> {
  return holes.find({ owner, open: true }).toArray();
}
