/** `logout ID`: ends the session at Telegram and erases its key. */

import { randomUUID } from 'node:crypto';
import { openInstallation } from '../app/installation.js';
import { wireTelegram } from '../app/telegram.js';
import { GatewayError } from '../domain/errors.js';
import type { ConnectionId } from '../domain/ids.js';
import type { Store } from '../ports/store.js';
import type { CommandParts } from './parts.js';

/**
 * Where a gateway runs, removing the row is enough: it logs the session out within 2 s. Throws USAGE for an unknown id,
 * TELEGRAM_UNREACHABLE when the session could not be ended; then the command may be repeated.
 */
export async function logout(
  parts: CommandParts,
  id: string,
): Promise<{ connection: string; loggedOut: true }> {
  const installation = await openInstallation(parts.settings, 'join');
  try {
    const connection = await connectionOf(installation.store, id);
    const { fleet } = wireTelegram({
      ...parts,
      installation,
      // Alone on the data directory, this process may take over at once what a dead gateway held.
      holder: installation.alone ? 'alone' : randomUUID(),
      kindOf: () => undefined,
      onJournaled: () => undefined,
      onGroupChanged: () => undefined,
      onState: () => undefined,
    });
    try {
      await fleet.logout(connection);
    } finally {
      await fleet.close();
    }
    return { connection, loggedOut: true };
  } finally {
    await installation.close();
  }
}

/** Known by its row, or by the key that a logout left behind which did not reach Telegram. */
async function connectionOf(
  store: Pick<Store, 'connections' | 'sessions'>,
  id: string,
): Promise<ConnectionId> {
  if (/^c\d+$/.test(id)) {
    const known = id as ConnectionId;
    if ((await store.connections.get(known)) !== undefined) return known;
    if ((await store.sessions.load(known)) !== undefined) return known;
  }
  throw new GatewayError('USAGE', 'There is no such connection; `connections` lists them.');
}
