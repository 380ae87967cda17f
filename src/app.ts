/** The gateway, put together: the only place that knows every adapter. Opened in this order, closed in reverse. */

import { randomUUID } from 'node:crypto';
import { deskTokensOf, namingToken } from './app/desk-tokens.js';
import { openInstallation } from './app/installation.js';
import { startSweep } from './app/sweep.js';
import { wireTelegram, type TelegramParts } from './app/telegram.js';
import { keepWhoIsWho } from './app/who-is-who.js';
import { wireWorkers } from './app/workers.js';
import type { Settings } from './config/settings.js';
import type { Desk } from './domain/connection.js';
import { isDesk, type OwnerId } from './domain/ids.js';
import { createDirectory, type Directory } from './flows/directory.js';
import type { Ingest } from './flows/ingest.js';
import { createWakeWaiting, type WakeWaiting } from './flows/wake-waiting.js';
import type { OpenedStore } from './mongo/open.js';
import type { Clock, Log } from './ports/runtime.js';
import type { Queue } from './ports/queue.js';
import { openMemoryQueue } from './queue/memory.js';
import { openRedisQueue } from './queue/redis.js';
import type { Scope } from './runtime/scope.js';
import type { Fleet } from './telegram/fleet/fleet.js';

export interface Running {
  readonly desks: readonly Desk[];
}

/** Starts everything and answers when messages flow; what was opened belongs to the scope. Throws GatewayError. */
export async function startApp(
  settings: Settings,
  { scope, clock, log }: { scope: Scope; clock: Clock; log: Log },
): Promise<Running> {
  const installation = await scope.open(
    'store',
    () => openInstallation(settings, 'own'),
    (opened) => opened.close(),
  );
  const { store } = installation;
  // Alone on the data directory, a process is its predecessor's heir: it need not wait for leases to run out.
  const holder = installation.alone ? 'alone' : randomUUID();
  // A claim outlives its process by some seconds, so that another one may still be at work; alone, nobody is.
  if (installation.alone) await store.deliveries.releaseClaims();
  const directory = createDirectory();
  const queue = await scope.open(
    'queue',
    () => openQueue(settings, clock, log),
    (opened) => opened.close(),
  );
  const wake: { journaled: (owner: OwnerId) => void } = { journaled: () => undefined };
  const telegram = wireTelegram({
    settings,
    clock,
    log,
    installation,
    holder,
    signal: scope.signal,
    onJournaled: (owner) => wake.journaled(owner),
    ...wakersOf(createWakeWaiting({ store, queue, clock, log })),
  });
  const { fleet, sender } = telegram;
  const ingest = wireWorkers({ store, queue, sender, directory, clock, log, holder });
  wake.journaled = (owner) => ingest.wake(owner);
  await scope.open(
    'fleet',
    () => fleet,
    (opened) => opened.close(),
  );
  const desks = await startDesks(settings, fleet, scope.signal);
  await startWork({ scope, store, queue, fleet, ingest, directory, desks, clock, log });
  return { desks };
}

/** Routing and sending, and then the sessions that feed them. Closed in reverse: intake, hands, sessions. */
async function startWork(parts: {
  readonly scope: Scope;
  readonly store: OpenedStore;
  readonly queue: Queue;
  readonly fleet: Fleet;
  readonly ingest: Ingest;
  readonly directory: Directory;
  readonly desks: readonly Desk[];
  readonly clock: Clock;
  readonly log: Log;
}): Promise<void> {
  const { scope, store, queue, fleet, ingest } = parts;
  await scope.open(
    'who-is-who',
    () => keepWhoIsWho({ ...parts, connections: store.connections }),
    (cancel) => cancel(),
  );
  // Closed before the sessions are: what the workers have in hand is still sent.
  await scope.open(
    'workers',
    () => queue.start(),
    () => queue.close(),
  );
  await scope.open(
    'ingest',
    () => ingest,
    (opened) => opened.close(),
  );
  await fleet.open();
  await scope.open(
    'sweep',
    () => startSweep(parts),
    (cancel) => cancel(),
  );
}

/** What the sessions tell of repairs. Connections may be members of a group too; there only the desk matters. */
function wakersOf(waiting: WakeWaiting): Pick<TelegramParts, 'onGroupChanged' | 'onState'> {
  return {
    onGroupChanged(owner, group) {
      if (isDesk(owner)) waiting.groupChanged(group);
    },
    onState(owner, { state }) {
      if (state === 'live') waiting.sessionLive(owner);
    },
  };
}

async function startDesks(
  { secrets }: Settings,
  fleet: { ensureDesk(token: string): Promise<Desk> },
  signal: AbortSignal,
): Promise<Desk[]> {
  const desks: Desk[] = [];
  for (const desk of deskTokensOf(secrets)) {
    try {
      desks.push(await fleet.ensureDesk(desk.token));
    } catch (error) {
      signal.throwIfAborted();
      throw namingToken(error, desk);
    }
  }
  return desks;
}

function openQueue({ secrets }: Settings, clock: Clock, log: Log): Promise<Queue> | Queue {
  const { redisUrl } = secrets;
  return redisUrl === undefined
    ? openMemoryQueue({ clock, log })
    : openRedisQueue({ url: redisUrl, clock, log });
}
