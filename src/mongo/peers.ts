/** Collection `peers`: whom a session has met, with the access hash that is good for this session only. */

import type { Db } from 'mongodb';
import { rowId } from '../domain/ids.js';
import type { KnownPeer, Peers } from '../ports/store.js';

type PeerRow = KnownPeer & { readonly _id: string };

export function createPeers(db: Db): Peers {
  const rows = db.collection<PeerRow>('peers');
  return {
    async save(owner, peers) {
      if (peers.length === 0) return;
      await rows.bulkWrite(
        peers.map((peer) => ({ updateOne: upsertOf(rowId(owner, peer.peer), peer) })),
        { ordered: false },
      );
    },
    async get(owner, peer) {
      const row = await rows.findOne({ _id: rowId(owner, peer) });
      if (row === null) return undefined;
      const { _id, ...known } = row;
      return known;
    },
  };
}

/** A min peer only fills an empty row: `$setOnInsert` leaves a full one as it is. */
function upsertOf(id: string, peer: KnownPeer): { filter: object; update: object; upsert: true } {
  const update = peer.min === true ? { $setOnInsert: peer } : { $set: peer, $unset: { min: '' } };
  return { filter: { _id: id }, update, upsert: true };
}
