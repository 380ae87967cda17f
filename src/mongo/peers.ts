/** Collection `peers`: whom a session has met, with the access hash that is good for this session only. */

import type { AnyBulkWriteOperation, Db } from 'mongodb';
import { rowId } from '../domain/ids.js';
import type { KnownPeer, Peers } from '../ports/store.js';

type PeerRow = KnownPeer & { readonly _id: string };

export function createPeers(db: Db): Peers {
  const rows = db.collection<PeerRow>('peers');
  return {
    async save(owner, peers) {
      if (peers.length === 0) return;
      // In order: of a peer's two writes the second hides what the first looks for.
      await rows.bulkWrite(peers.flatMap((peer) => writesOf(rowId(owner, peer.peer), peer)));
    },
    async get(owner, peer) {
      const row = await rows.findOne({ _id: rowId(owner, peer) });
      if (row === null) return undefined;
      const { _id, ...known } = row;
      return known;
    },
  };
}

/**
 * A min peer only fills an empty row: `$setOnInsert` leaves a full one as it is. A full peer that comes without a hash takes
 * a min row's hash away, which would pass for one that is good for sending.
 */
function writesOf(_id: string, peer: KnownPeer): AnyBulkWriteOperation<PeerRow>[] {
  if (peer.min === true)
    return [{ updateOne: { filter: { _id }, update: { $setOnInsert: peer }, upsert: true } }];
  const fill = {
    updateOne: { filter: { _id }, update: { $set: peer, $unset: { min: '' } }, upsert: true },
  } as const;
  if (peer.accessHash !== undefined) return [fill];
  return [{ updateOne: { filter: { _id, min: true }, update: { $unset: { accessHash: '' } } } }, fill];
}
