/** What the database holds: the version it is at, its connections and their keys, its indexes, and how full it is. */

import type { StoreConfig } from '../config/config.js';
import type { Peer } from '../domain/ids.js';
import { usageOf } from '../embedded/index.js';
import type { Connected } from '../mongo/connect.js';
import { inOurWord } from '../mongo/failures.js';
import { missingIndexes } from '../mongo/indexes.js';
import { pendingMigrations } from '../mongo/migrations.js';
import { repositoriesOf } from '../mongo/repositories.js';
import { createSize } from '../mongo/size.js';
import type { KeyRing } from '../ports/runtime.js';
import { createSessionKeys } from '../telegram/session/key.js';
import { fine, warning, type Finding } from './finding.js';

export interface StoreLook {
  readonly findings: readonly Finding[];
  /** The backend groups of its connections. */
  readonly groups: readonly Peer[];
}

/** Changes nothing. Throws VERSION_TOO_OLD, RESTORE_UNFINISHED, KEY_WRONG, MONGODB_UNREACHABLE. */
export async function lookAtStore(
  database: Connected,
  kind: StoreConfig['kind'],
  keyring: KeyRing,
): Promise<StoreLook> {
  try {
    return await look(database, kind, keyring);
  } catch (error) {
    throw inOurWord(error, database.hosts);
  }
}

async function look(
  { db, hosts }: Connected,
  kind: StoreConfig['kind'],
  keyring: KeyRing,
): Promise<StoreLook> {
  const steps = await pendingMigrations(db);
  const { connections, sessions } = repositoriesOf(db, hosts);
  const rows = await connections.list();
  const keys = createSessionKeys(sessions, keyring);
  for (const { id } of rows) await keys.load(id);
  const findings = [
    fine('store', `${kind}, ${rows.length} connections, their keys open`),
    judgeIndexes(await missingIndexes(db), steps.length),
    ...(kind === 'embedded' ? [judgeUsage(await createSize(db).storedBytes())] : []),
  ];
  return { findings, groups: [...new Set(rows.map(({ group }) => group))] };
}

/** Every start makes what is missing, so a gateway that runs must have them all. */
function judgeIndexes(missing: readonly string[], steps: number): Finding {
  const name = 'indexes';
  if (missing.length === 0) return fine(name, 'all there');
  if (steps > 0) return fine(name, `${missing.length} are made at the next start`);
  return warning(
    name,
    'indexes-missing',
    `${missing.join(', ')} are missing or others than this version's; run: npm run gateway -- migrate`,
  );
}

function judgeUsage(storedBytes: number): Finding {
  const { usedBytes, capBytes, level } = usageOf(storedBytes);
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);
  const used = `${mebibytes(usedBytes)} of ${mebibytes(capBytes)} MiB`;
  return level === undefined
    ? fine('store size', used)
    : warning('store size', 'store-nearly-full', `${used}; move to MongoDB before it is full`);
}
