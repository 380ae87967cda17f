/** Collection `identity`: one row, by which this installation is told from every other one. Not in a backup: a copy is another one. */

import { randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import { isDuplicate } from './rows.js';

export interface Identity {
  /** Random; made by whoever asks first, the same for every process ever after. */
  id(): Promise<string>;
}

interface IdentityRow {
  readonly _id: 'installation';
  readonly id: string;
}

export function createIdentity(db: Db): Identity {
  const rows = db.collection<IdentityRow>('identity');
  const made = (id: string) =>
    rows.findOneAndUpdate(
      { _id: 'installation' },
      { $setOnInsert: { id } },
      { upsert: true, returnDocument: 'after' },
    );
  return {
    async id() {
      const draft = randomBytes(6).toString('hex');
      const row = await made(draft).catch((error: unknown) => {
        // Two at once: the second time the other one's row is there.
        if (isDuplicate(error)) return made(draft);
        throw error;
      });
      if (row === null) throw new GatewayError('INTERNAL', 'an upsert answered no row');
      return row.id;
    },
  };
}
