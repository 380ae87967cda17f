/** `connections`: a line for each on stderr, the rows on stdout. */

import { openInstallation } from '../app/installation.js';
import type { Connection } from '../domain/connection.js';
import type { OpenedStore } from '../mongo/open.js';
import type { CommandParts } from './parts.js';

/** A row, and what may be missing of it. */
export interface ListedConnection extends Connection {
  /** Stretches that Telegram did not replay and that are not fetched yet, or never will be. */
  readonly openHoles: number;
  /** Those that nothing will fetch, or prove whole. */
  readonly lostHoles: number;
}

export async function connections({
  settings,
}: CommandParts): Promise<{ connections: readonly ListedConnection[] }> {
  const installation = await openInstallation(settings, 'join');
  try {
    const listed = await listConnections(installation.store);
    for (const row of listed) process.stderr.write(`${lineOf(row)}\n`);
    return { connections: listed };
  } finally {
    await installation.close();
  }
}

/**
 * Every connection with its open holes. 0 is proven completeness since its login: a counter of Telegram's moves only over updates
 * that are in the journal, or over a jump that Telegram did not replay, and such a jump writes a hole before the counter moves.
 * What it cannot show: what Telegram never counted for this session, and edits and deletions inside a hole that was fetched later.
 */
export async function listConnections({
  connections,
  holes,
}: Pick<OpenedStore, 'connections' | 'holes'>): Promise<ListedConnection[]> {
  const [rows, open] = await Promise.all([connections.list(), holes.countOpen()]);
  return rows.map((row) => {
    const { count = 0, lost = 0 } = open.find(({ owner }) => owner === row.id) ?? {};
    return { ...row, openHoles: count, lostHoles: lost };
  });
}

function lineOf({ id, kind, name, state, stateReason, openHoles, lostHoles }: ListedConnection): string {
  const why = stateReason === undefined ? '' : `: ${stateReason}`;
  const holes = openHoles === 1 ? '1 open hole' : `${openHoles} open holes`;
  const lost = lostHoles === 0 ? '' : `, ${lostHoles} of them lost`;
  return `${id}  ${kind}  ${name}  ${holes}${lost}  ${state}${why}`;
}
