/** `logout ID`: ends the session at Telegram and erases its key. */

import { randomUUID } from 'node:crypto';
import { openInstallation } from '../app/installation.js';
import { wireTelegram } from '../app/telegram.js';
import type { Settings } from '../config/settings.js';
import { GatewayError } from '../domain/errors.js';
import type { ConnectionId } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';

/** Where a gateway runs, removing the row is enough: it logs the session out within 2 s. Throws USAGE for an unknown id. */
export async function logout(
  parts: { settings: Settings; clock: Clock; log: Log },
  id: string,
): Promise<{ connection: string; loggedOut: true }> {
  const installation = await openInstallation(parts.settings, 'join');
  try {
    const known = await installation.store.connections.get(id as ConnectionId);
    if (known === undefined)
      throw new GatewayError('USAGE', 'There is no such connection; `connections` lists them.');
    const { fleet } = wireTelegram({
      ...parts,
      installation,
      holder: randomUUID(),
      onJournaled: () => undefined,
    });
    try {
      await fleet.logout(known.id);
    } finally {
      await fleet.close();
    }
    return { connection: known.id, loggedOut: true };
  } finally {
    await installation.close();
  }
}
