/** Collection `journal`, the router's side. `unrouted` is there exactly as long as `routedAt` is not: partial indexes need an equality. */

import type { Db } from 'mongodb';
import { rowId, type OwnerId } from '../domain/ids.js';
import type { TelegramEvent } from '../domain/event.js';
import type { Journal, JournaledEvent } from '../ports/store.js';

interface JournalDocument {
  readonly _id: string;
  readonly owner: OwnerId;
  readonly ord: number;
  readonly msgId?: number;
  readonly event: TelegramEvent;
  readonly receivedAt: number;
  readonly unrouted?: true;
  readonly routedAt?: Date;
}

export function createJournal(db: Db): Journal {
  const rows = db.collection<JournalDocument>('journal');
  return {
    async unrouted(owner, afterOrd, limit) {
      const found = await rows
        .find({ owner, unrouted: true, ord: { $gt: afterOrd } })
        .sort({ ord: 1 })
        .limit(limit)
        .toArray();
      return found.map((row): JournaledEvent => ({
        id: row._id,
        owner: row.owner,
        ord: row.ord,
        event: row.event,
        receivedAt: row.receivedAt,
      }));
    },
    async markRouted(ids, at) {
      await rows.updateMany(
        { _id: { $in: [...ids] } },
        { $set: { routedAt: new Date(at) }, $unset: { unrouted: '', event: '', tl: '' } },
      );
    },
    async ownersWithUnrouted() {
      const owners: OwnerId[] = [];
      // From owner to owner through the index: a backlog of a hundred thousand rows costs one look, as an empty one does.
      for (;;) {
        const after = owners.at(-1) ?? ('' as OwnerId);
        const [next] = await rows
          .find({ owner: { $gt: after }, unrouted: true })
          .sort({ owner: 1, ord: 1 })
          .limit(1)
          .project<Pick<JournalDocument, 'owner'>>({ owner: 1 })
          .toArray();
        if (next === undefined) return owners;
        owners.push(next.owner);
      }
    },
    async sentId(owner, randomId) {
      // The key under which the engine journals it (telegram/updates/keys.ts).
      return (await rows.findOne({ _id: rowId(owner, 's', randomId) }))?.msgId;
    },
  };
}
