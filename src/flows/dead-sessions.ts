/** A connection that only a new login can bring back alerts its team, once per login. */

import type { Connection } from '../domain/connection.js';
import { markedId, rowId } from '../domain/ids.js';
import type { Clock } from '../ports/runtime.js';
import type { Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';
import { alertOf } from './plan.js';

interface Deps {
  readonly store: Pick<Store, 'connections' | 'deliveries'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
}

/** Looks at every connection; may be called again and again. The state row is the truth, the alert's id makes it one. */
export async function alertDeadSessions(deps: Deps): Promise<void> {
  for (const connection of await deps.store.connections.list()) {
    if (connection.state !== 'needs-login') continue;
    // Key: a login dies once. The next login has a time of its own.
    const id = rowId('dead', connection.id, connection.createdAt);
    if ((await deps.store.deliveries.get(id)) !== undefined) continue;
    const alert = alertOf({ id, connection, text: sentenceOf(connection), now: deps.clock.now() });
    await deps.store.deliveries.add([alert]);
    await deps.queue.add(wakeUp(alert));
  }
}

function sentenceOf(connection: Connection): string {
  const { kind, name, username, stateReason = 'Somebody must log in again.', group } = connection;
  const who = username === undefined ? name : `${name} (@${username})`;
  return [
    `🔴 ${who}: ${stateReason}`,
    'Its messages do not arrive here until then, and answers wait; both follow after the login.',
    `npm run gateway -- login ${kind} --group ${markedId(group)}`,
  ].join('\n');
}
