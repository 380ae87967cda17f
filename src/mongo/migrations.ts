/**
 * Collection `migrations`: which steps a database has been through, by name. The list is in order and only grows; a step that has
 * been released keeps its name. A step may be run twice, also half: a process that dies in the middle is followed by another one.
 */

import { MongoServerError, type Db } from 'mongodb';
import { placeOf } from '../domain/dialog.js';
import { GatewayError } from '../domain/errors.js';
import type { Peer } from '../domain/ids.js';
import { ensureIndexes } from './indexes.js';

export interface Migration {
  readonly name: string;
  run(db: Db): Promise<void>;
}

/**
 * An index that is new needs no step: what indexes.ts declares is made true at every start. One that changes needs a step that drops
 * the former, because MongoDB refuses another index under the same name.
 */
export const migrations: readonly Migration[] = [
  { name: '0001-indexes', run: ensureIndexes },
  // `head` does its work, in order.
  { name: '0002-no-lane-index', run: (db) => dropIndex(db, 'deliveries', 'lane') },
  // Topics are named with their group: a dialog may move to another one.
  { name: '0003-former-places', run: nameFormerPlaces },
];

export interface MigrationRow {
  readonly _id: string;
  readonly at: Date;
}

async function nameFormerPlaces(db: Db): Promise<void> {
  const rows = db.collection<{ _id: string; group: Peer; formerTopics?: number[] }>('dialogs');
  for await (const { _id, group, formerTopics = [] } of rows.find({ formerTopics: { $exists: true } }))
    await rows.updateOne(
      { _id, formerTopics: { $exists: true } },
      {
        $set: { formerPlaces: formerTopics.map((topic) => placeOf(group, topic)) } as never,
        $unset: { formerTopics: '' },
      },
    );
  await dropIndex(db, 'dialogs', 'former');
}

/** Does nothing where the index, or its collection, is not there. */
async function dropIndex(db: Db, collection: string, index: string): Promise<void> {
  try {
    await db.collection(collection).dropIndex(index);
  } catch (error) {
    const isAbsent = error instanceof MongoServerError && (error.code === 26 || error.code === 27);
    if (!isAbsent) throw error;
  }
}

/** Stands among the steps while a restore is at work, so that a version that knows nothing of it refuses the database too. */
export const restoreMark = 'restore-unfinished';

/**
 * The steps that are still to be run, in order. Throws VERSION_TOO_OLD where the database has been through one that is not in the
 * list, RESTORE_UNFINISHED where a restore has died half-way.
 */
export async function pendingMigrations(
  db: Db,
  list: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  const rows = await db.collection<MigrationRow>('migrations').find({}).toArray();
  const done = new Set(rows.map((row) => row._id));
  if (done.has(restoreMark)) throw new GatewayError('RESTORE_UNFINISHED');
  refuseUnknown(done, 'The database', list);
  return list.filter(({ name }) => !done.has(name));
}

/** Throws VERSION_TOO_OLD when one of these names is not in the list; `what` begins the sentence. */
export function refuseUnknown(
  names: Iterable<string>,
  what: string,
  list: readonly Migration[] = migrations,
): void {
  const known = new Set(list.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) throw new GatewayError('VERSION_TOO_OLD', what);
}
