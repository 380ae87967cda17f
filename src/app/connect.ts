/** A finished login becomes a connection. */

import type { Connection } from '../domain/connection.js';
import { connectionId, peerOf, type OwnerId, type Peer } from '../domain/ids.js';
import type { UpdateStore } from '../ports/updates.js';
import type { LoggedIn } from '../telegram/login/login.js';
import { createSessionKeys } from '../telegram/session/key.js';
import type { Installation } from './installation.js';

/**
 * Stores the sealed key and the counters, then the row: a row without its key would be a session that cannot start. Logging in
 * again replaces key and row; with another group the dialogs go on there (flows/follow-connection.ts). When the store fails half-way
 * the former key stands again.
 */
export async function storeConnection(
  { store, keyring }: Pick<Installation, 'store' | 'keyring'>,
  who: LoggedIn,
  group: Peer,
  now: number,
): Promise<Connection> {
  const connection = connectionOf(who, group, now);
  const { authKey, dc, userId, kind } = who;
  const former = await store.sessions.load(connection.id);
  try {
    await createSessionKeys(store.sessions, keyring).save(connection.id, { authKey, dc, userId, kind });
    await beginAt(store.updates, connection.id, who.counters);
    await store.connections.put(connection);
  } catch (error) {
    const { sessions } = store;
    const undo = former === undefined ? sessions.remove(connection.id) : sessions.save(connection.id, former);
    await undo.catch(() => undefined);
    throw error;
  }
  return connection;
}

/** A first login begins where Telegram stands; a later one goes on where the connection stood, so that nothing between is lost. */
async function beginAt(updates: UpdateStore, owner: OwnerId, counters: LoggedIn['counters']): Promise<void> {
  if ((await updates.load(owner)) !== undefined) return;
  const common = { from: undefined, to: { ...counters, lastMsgId: 0 } };
  await updates.advance(owner, 0, { common, channels: [], ord: 0 });
}

function connectionOf(who: LoggedIn, group: Peer, now: number): Connection {
  return {
    id: connectionId(who.userId),
    kind: who.kind,
    peer: peerOf('user', who.userId),
    name: who.name,
    ...(who.username === undefined ? {} : { username: who.username }),
    group,
    state: 'connecting',
    stateSince: now,
    createdAt: now,
  };
}
