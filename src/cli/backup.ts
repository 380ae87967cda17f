/** `backup FILE`: the whole database as one encrypted archive, also while a gateway runs on it. */

import { resolve } from 'node:path';
import { dumpDatabase } from '../mongo/dump.js';
import type { DumpEnd } from '../mongo/dump-records.js';
import { writeArchive } from '../runtime/archive/write.js';
import { openDatabase } from './database.js';
import type { CommandParts } from './parts.js';

export interface BackupAnswer extends DumpEnd {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly sessions: boolean;
}

export interface BackupOptions {
  /** Also the sealed keys of the sessions. */
  readonly withSessions?: boolean;
  /** Replaces a file of that name. */
  readonly force?: boolean;
}

/** Answers what the command prints. Throws USAGE for a file that exists or cannot be written, and what opening and reading throw. */
export async function backup(
  { settings, clock }: CommandParts,
  name: string,
  { withSessions = false, force = false }: BackupOptions,
): Promise<BackupAnswer> {
  const file = resolve(name);
  const database = await openDatabase(settings, 'join');
  let end: DumpEnd = { collections: 0, documents: 0 };
  try {
    const options = { sessions: withSessions, now: clock.now(), onProgress: tellProgress() };
    const contents = dumpDatabase(database, options, (counted) => (end = counted));
    const bytes = await writeArchive({ file, keys: settings.secrets.keys, force }, contents);
    return { file, ...end, bytes, sessions: withSessions };
  } finally {
    await database.close();
  }
}

const tellEveryDocuments = 50_000;

/** A line for each collection, and for long ones every so many documents. */
function tellProgress(): (collection: string, documents: number, isDone: boolean) => void {
  return (collection, documents, isDone) => {
    if (isDone || documents % tellEveryDocuments === 0)
      process.stderr.write(`${collection}: ${documents}${isDone ? '' : ' so far'}\n`);
  };
}
