/** `connections`: a line for each on stderr, the rows on stdout. */

import { openInstallation } from '../app/installation.js';
import type { Connection } from '../domain/connection.js';
import type { CommandParts } from './parts.js';

export async function connections({ settings }: CommandParts): Promise<{ connections: Connection[] }> {
  const installation = await openInstallation(settings, 'join');
  try {
    const rows = await installation.store.connections.list();
    for (const { id, kind, name, state, stateReason } of rows) {
      const why = stateReason === undefined ? '' : `: ${stateReason}`;
      process.stderr.write(`${id}  ${kind}  ${name}  ${state}${why}\n`);
    }
    return { connections: rows };
  } finally {
    await installation.close();
  }
}
