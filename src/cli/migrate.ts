/** `migrate`: brings the database up to this version by hand, as every start does by itself. */

import { openingError } from '../mongo/connect.js';
import { migrate as migrateDatabase } from '../mongo/migrate.js';
import { migrations } from '../mongo/migrations.js';
import { openDatabase } from './database.js';
import type { CommandParts } from './parts.js';

export interface MigrateAnswer {
  /** The steps that were run now, in order. */
  readonly applied: readonly string[];
  /** The steps that the database had been through. */
  readonly before: readonly string[];
}

/** Throws VERSION_TOO_OLD, RESTORE_UNFINISHED, and what opening throws. */
export async function migrate({ settings, clock }: CommandParts): Promise<MigrateAnswer> {
  const database = await openDatabase(settings, 'join');
  try {
    const applied = await migrateDatabase(database.db, clock);
    for (const name of applied) process.stderr.write(`${name}: done\n`);
    if (applied.length === 0) process.stderr.write('There was nothing to do.\n');
    const before = migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
    return { applied, before };
  } catch (error) {
    throw openingError(error, database.hosts);
  } finally {
    await database.close();
  }
}
