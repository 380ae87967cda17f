/** `restore FILE`: an archive into an empty installation, whole or not at all. */

import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Connection } from '../domain/connection.js';
import { createKeyRing } from '../runtime/keyring.js';
import { readArchive } from '../runtime/archive/read.js';
import { loadDump } from '../mongo/load.js';
import { readDump, type DumpedDocument, type DumpSummary } from '../mongo/read-dump.js';
import { decodeRecords, type DumpRecord } from '../mongo/dump-records.js';
import { refuseUnknown } from '../mongo/migrations.js';
import { repositoriesOf } from '../mongo/repositories.js';
import { underRestoreMark } from '../mongo/restore-mark.js';
import type { KeyRing } from '../ports/runtime.js';
import type { OwnerId } from '../domain/ids.js';
import { leaseName } from '../telegram/fleet/berth.js';
import { openDatabase, type OpenedDatabase } from './database.js';
import type { CommandParts } from './parts.js';

export interface RestoreAnswer {
  /** Absolute. */
  readonly file: string;
  /** When the backup was begun, ISO 8601. */
  readonly takenAt: string;
  readonly collections: number;
  readonly documents: number;
  readonly sessions: boolean;
  /** Connections that somebody must log in again. */
  readonly needLogin: readonly string[];
}

export interface RestoreOptions {
  /** Nothing from before the restore is sent or fetched any more: every session begins at Telegram's present. */
  readonly fromNow?: boolean;
}

/**
 * Answers what the command prints. The archive is read to its end before any of it is written. Throws NOT_EMPTY,
 * ARCHIVE_KEY, KEY_WRONG, ARCHIVE_DAMAGED, VERSION_TOO_OLD, USAGE for a file that cannot be read, DIRECTORY_IN_USE while a gateway runs, STALE_FENCE.
 */
export async function restore(
  { settings, clock }: CommandParts,
  name: string,
  { fromNow = false }: RestoreOptions,
): Promise<RestoreAnswer> {
  const file = resolve(name);
  const { keys } = settings.secrets;
  const records = (): AsyncIterable<DumpRecord> => decodeRecords(readArchive(file, keys));
  const database = await openDatabase(settings, 'own');
  // Alone on the data directory, a process is its predecessor's heir: it need not wait for the mark to run out.
  const holder = database.alone ? 'alone' : randomUUID();
  try {
    const answer = await underRestoreMark(database, { holder, time: clock }, async (mark) => {
      const { head, end } = await verify(records(), createKeyRing(keys));
      const takenAt = new Date(head.takenAt).toISOString();
      tell(`The archive is whole: ${end.documents} documents of ${takenAt}.`);
      let needLogin: readonly string[] = [];
      await loadDump(database, mark, records(), {
        leaseOf: (owner) => leaseName(owner as OwnerId),
        ...(fromNow ? { skips: isUnfinished } : {}),
        onProgress: (collection, documents) => tell(`${collection}: ${documents}`),
        finish: async () => {
          needLogin = await tellStates(database, clock.now());
        },
      });
      return { file, takenAt, ...end, sessions: head.sessions, needLogin };
    });
    for (const line of advice({ ...answer, fromNow })) tell(line);
    return answer;
  } finally {
    await database.close();
  }
}

/** Everything that could be wrong with the archive is found here, before the first write. */
async function verify(records: AsyncIterable<DumpRecord>, keyring: KeyRing): Promise<DumpSummary> {
  const summary = await readDump(records, ({ collection, document }) => {
    if (collection === 'sessions') keyring.open(String(document['sealed']), String(document['_id']));
  });
  refuseUnknown(summary.head.migrations, 'The archive');
  return summary;
}

/** No session runs yet, whatever the rows said when they were dumped. Answers who has no key. */
async function tellStates({ db, hosts }: OpenedDatabase, now: number): Promise<string[]> {
  const { connections, sessions } = repositoriesOf(db, hosts);
  const needLogin: string[] = [];
  for (const { id, state, kind } of await connections.list()) {
    const hasKey = (await sessions.load(id)) !== undefined;
    if (!hasKey) needLogin.push(id);
    if (state === 'stopped') continue;
    if (hasKey)
      await connections.setState(id, 'connecting', now, 'Restored; it connects when Understudy is started.');
    else await connections.setState(id, 'needs-login', now, reasonFor(kind));
  }
  return needLogin;
}

function reasonFor(kind: Connection['kind']): string {
  return `It was restored from a backup without sessions; log the ${kind} in again.`;
}

/** What would send or fetch something from before: the counters, events that are not routed, deliveries that are not final. */
function isUnfinished({ collection, document }: DumpedDocument): boolean {
  if (collection === 'update_state') return true;
  return (
    (collection === 'journal' && 'unrouted' in document) ||
    (collection === 'deliveries' && 'open' in document)
  );
}

function advice(
  done: Pick<RestoreAnswer, 'takenAt' | 'sessions' | 'needLogin'> & { fromNow: boolean },
): string[] {
  const { takenAt, sessions, needLogin, fromNow } = done;
  const since = fromNow
    ? `What happened since ${takenAt} and what was waiting then is neither fetched nor sent: every session begins at the present.`
    : `What happened since ${takenAt} is fetched from Telegram at the next start. What the former installation has posted or answered since goes out under the same random ids, by which Telegram recognises it; for how long, it does not say. From an old backup, restore with --from-now instead.`;
  return [
    since,
    'A client whose topic was opened since then gets a second topic; a reply to a post that was made since then quotes nothing.',
    sessions
      ? 'The former installation must never run again: Telegram ends a session for good that is used in two places.'
      : 'The former installation must be stopped for good.',
    ...needLogin.map((id) => `${id} needs a login; \`npm run gateway -- connections\` says which.`),
  ];
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
