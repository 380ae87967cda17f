/** Collection `connections`: one row per connected bot or account. */

import type { Db } from 'mongodb';
import type { Connection } from '../domain/connection.js';
import type { Connections } from '../ports/store.js';
import { fromRow, toRow, type Row } from './rows.js';

export function createConnections(db: Db): Connections {
  const rows = db.collection<Row<Connection>>('connections');
  return {
    async get(id) {
      const row = await rows.findOne({ _id: id });
      return row === null ? undefined : fromRow<Connection>(row);
    },
    async list() {
      const found = await rows.find({}).sort({ _id: 1 }).toArray();
      return found.map((row) => fromRow<Connection>(row));
    },
    async put(connection) {
      const { _id, ...fields } = toRow(connection);
      await rows.replaceOne({ _id }, fields, { upsert: true });
    },
    async setState(id, state, since, reason) {
      const set = { state, stateSince: since };
      await rows.updateOne(
        { _id: id },
        reason === undefined
          ? { $set: set, $unset: { stateReason: '' } }
          : { $set: { ...set, stateReason: reason } },
      );
    },
    async remove(id) {
      await rows.deleteOne({ _id: id });
    },
  };
}
