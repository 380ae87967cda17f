/** A local Telegram, one store, and as many fleets ("processes") on it as a test wants. */

import { randomBytes } from 'node:crypto';
import type { ConnectionId, OwnerId } from '../../../src/domain/ids.js';
import { connectionId } from '../../../src/domain/ids.js';
import { createKeyRing } from '../../../src/runtime/keyring.js';
import { systemClock } from '../../../src/runtime/clock.js';
import type { Fleet } from '../../../src/telegram/fleet/contract.js';
import { createFleet } from '../../../src/telegram/fleet/fleet.js';
import { createShare, type Share } from '../../../src/telegram/fleet/share.js';
import { startLogin } from '../../../src/telegram/login/login.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { createSessionKeys } from '../../../src/telegram/session/key.js';
import { createEngine } from '../../../src/telegram/updates/engine.js';
import { openInstallation, type Installation } from '../login/installation.js';
import {
  connectionRow,
  MemoryConnections,
  MemoryLeases,
  memoryPeers,
  memorySessions,
  memoryUpdates,
} from './memory-rows.js';

export async function openHarbour() {
  const installation = await openInstallation();
  const store = {
    connections: new MemoryConnections(),
    sessions: memorySessions(),
    leases: new MemoryLeases(),
    peers: memoryPeers(),
  };
  const updates = memoryUpdates();
  const keyring = createKeyRing([{ kid: 'k1', bytes: randomBytes(32) }]);
  const fleets: Fleet[] = [];
  const journaled: OwnerId[] = [];
  /** What each owner was said to be, in order. */
  const states: string[] = [];

  /** Without a share all sessions are its own. */
  function fleet(holder: string, share?: Share): Fleet {
    const made: Fleet = createFleet({
      openClient: (target) => installation.openClient(target),
      store,
      keyring,
      holder,
      ...(share === undefined ? {} : { share }),
      login: installation.login,
      createEngine,
      updates,
      directory: createPeerDirectory({ peers: store.peers, sessionOf: (owner) => made.sessionOf(owner) }),
      normalise: normaliseUpdate,
      clock: systemClock,
      log: installation.log,
      random: Math.random,
      onJournaled: (owner) => journaled.push(owner),
      onState: (owner, { state }) => states.push(`${owner} ${state}`),
    });
    fleets.push(made);
    return made;
  }

  /** A fleet of a process among several. */
  function sharing(holder: string): Fleet {
    const { leases } = store;
    return fleet(holder, createShare({ leases, clock: systemClock, holder, log: installation.log }));
  }

  /** Logs a bot in as the command line does: sealed key first, then the row. */
  async function connect(token: string): Promise<ConnectionId> {
    const step = await startLogin(installation.login, { kind: 'bot', token }).next();
    if (step.step !== 'done') throw new Error(step.step);
    const id = connectionId(step.userId);
    await createSessionKeys(store.sessions, keyring).save(id, step);
    await store.connections.put(connectionRow(step.userId, Date.now()));
    return id;
  }

  return {
    ...installation,
    store,
    updates,
    journaled,
    states,
    fleet,
    sharing,
    connect,
    async close() {
      await Promise.all(fleets.map((one) => one.close()));
      await installation.close();
    },
  };
}

export type Harbour = Awaited<ReturnType<typeof openHarbour>>;

/** Open connections of an account, at Telegram's side. */
export function connectionsOf({ telegram }: Pick<Installation, 'telegram'>, userId: number): number {
  return telegram.server
    .authorisations(BigInt(userId))
    .reduce((sum, { connections }) => sum + connections, 0);
}

/** Waits for what sockets and timers have not told yet; the test's own timeout is the limit. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await systemClock.sleep(10);
}
