/** Collection `sessions`: sealed auth keys. The store never sees one in the clear. */

import type { Db } from 'mongodb';
import type { OwnerId } from '../domain/ids.js';
import type { Sessions } from '../ports/store.js';

interface SessionRow {
  readonly _id: OwnerId;
  readonly sealed: string;
}

export function createSessions(db: Db): Sessions {
  const rows = db.collection<SessionRow>('sessions');
  return {
    load: async (owner) => (await rows.findOne({ _id: owner }))?.sealed,
    async save(owner, sealed) {
      await rows.updateOne({ _id: owner }, { $set: { sealed } }, { upsert: true });
    },
    async remove(owner) {
      await rows.deleteOne({ _id: owner });
    },
  };
}
