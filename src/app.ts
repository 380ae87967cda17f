/** The gateway, put together: the only place that knows every adapter. Opened in this order, closed in reverse. */

import { randomUUID } from 'node:crypto';
import { startDesks, tokenDesks } from './app/desks.js';
import { openHttp, type OpenedHttp } from './app/http.js';
import { openInstallation, type Installation } from './app/installation.js';
import { takePlace } from './app/processes.js';
import type { Roles } from './app/roles.js';
import { startSweep } from './app/sweep.js';
import { wireTelegram, type TelegramParts } from './app/telegram.js';
import { keepWhoIsWho } from './app/who-is-who.js';
import { wireWorkers } from './app/workers.js';
import type { Settings } from './config/settings.js';
import type { Desk } from './domain/connection.js';
import { isDesk, type OwnerId } from './domain/ids.js';
import { createDirectory, type Directory } from './flows/directory.js';
import { createIngest, type Ingest } from './flows/ingest.js';
import { createWakeWaiting, type WakeWaiting } from './flows/wake-waiting.js';
import type { OpenedStore } from './mongo/open.js';
import type { Clock, Log } from './ports/runtime.js';
import type { Queue } from './ports/queue.js';
import type { Relay } from './ports/relay.js';
import { openMemoryQueue } from './queue/memory.js';
import { openRedisQueue } from './queue/redis.js';
import { openRedisRelay } from './queue/redis-relay.js';
import type { Scope } from './runtime/scope.js';
import type { Fleet } from './telegram/fleet/contract.js';
import { createShare, type Share } from './telegram/fleet/share.js';

export interface Running {
  readonly desks: readonly Desk[];
}

/** What everything below is made of. */
interface Parts {
  readonly settings: Settings;
  readonly roles: Roles;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Log;
  readonly installation: Installation;
  /** Names this process in leases and claims. */
  readonly holder: string;
  readonly queue: Queue;
  readonly http: OpenedHttp;
  readonly directory: Directory;
}

/** Starts what the roles ask for and answers when messages flow; what was opened belongs to the scope. Throws GatewayError. */
export async function startApp(
  settings: Settings,
  roles: Roles,
  { scope, clock, log }: { scope: Scope; clock: Clock; log: Log },
): Promise<Running> {
  const { config } = settings;
  const installation = await scope.open(
    'store',
    () => openInstallation(settings, 'own', { log, fail: (error) => scope.fail(error) }, scope.signal),
    (opened) => opened.close(),
  );
  const { store } = installation;
  // Alone on the data directory, a process is its predecessor's heir: it need not wait for leases to run out.
  const holder = installation.alone ? 'alone' : randomUUID();
  // A claim outlives its process by some seconds, so that another one may still be at work; alone, nobody is.
  if (installation.alone) await store.deliveries.releaseClaims();
  else
    await scope.open(
      'process-lease',
      () => takePlace({ config, leases: store.leases, holder, clock, log, signal: scope.signal }),
      (lease) => lease.release(),
    );
  await store.refuseRestore();
  const queue = await scope.open(
    'queue',
    () => openQueue(settings, store, clock, log),
    (opened) => opened.close(),
  );
  const http = await scope.open(
    'http',
    () => openHttp({ settings, store, queue, signal: scope.signal, clock, log }),
    (opened) => opened.close(),
  );
  const directory = createDirectory();
  const parts = { settings, roles, scope, clock, log, installation, holder, queue, http, directory };
  const desks = roles.has('sessions') || roles.has('workers') ? await startGateway(parts) : [];
  http.started();
  return { desks };
}

async function startGateway(parts: Parts): Promise<readonly Desk[]> {
  const { settings, roles, scope, clock, log, queue, directory, installation, holder } = parts;
  const { store } = installation;
  const wake: { journaled: (owner: OwnerId) => void } = { journaled: () => undefined };
  const waiting = createWakeWaiting({ store, queue, clock, log });
  const { fleet, sender } = wireTelegram({
    ...parts,
    ...(await openTies(parts)),
    signal: scope.signal,
    kindOf: (owner) => kindOf(directory, owner),
    onJournaled: (owner) => wake.journaled(owner),
    ...wakersOf(waiting),
  });
  parts.http.watch(fleet);
  const alone = settings.config.processes === 'one';
  const flows = { store, queue, sender, directory, clock, log, holder };
  const ingest = createIngest({ ...flows, mine: (owner) => alone || fleet.holds(owner) });
  wake.journaled = (owner) => ingest.wake(owner);
  if (roles.has('workers')) wireWorkers(flows, ingest);
  await scope.open(
    'fleet',
    () => fleet,
    (opened) => opened.close(),
  );
  const { secrets } = settings;
  const desks = roles.has('sessions') ? await startDesks(secrets, fleet, scope.signal) : tokenDesks(secrets);
  await startWork(parts, { fleet, ingest, desks });
  return desks;
}

/** What ties several processes together: they reach one another's sessions, and divide them. */
async function openTies({
  settings,
  roles,
  scope,
  clock,
  log,
  installation,
  holder,
}: Parts): Promise<{ relay?: Relay; share?: Share }> {
  const { redisUrl } = settings.secrets;
  if (settings.config.processes === 'one' || redisUrl === undefined) return {};
  const relay = await scope.open(
    'relay',
    async () => openRedisRelay({ url: redisUrl, prefix: await redisPrefix(installation.store), clock, log }),
    (opened) => opened.close(),
  );
  if (!roles.has('sessions')) return { relay };
  return { relay, share: createShare({ leases: installation.store.leases, clock, holder, log }) };
}

/** Routing and sending, and then the sessions that feed them. Closed in reverse: intake, hands, sessions. */
async function startWork(
  { scope, installation, queue, directory, roles, clock, log }: Parts,
  { fleet, ingest, desks }: { fleet: Fleet; ingest: Ingest; desks: readonly Desk[] },
): Promise<void> {
  const { store } = installation;
  await scope.open(
    'who-is-who',
    () => keepWhoIsWho({ connections: store.connections, desks, directory, clock, log }),
    (cancel) => cancel(),
  );
  // Closed before the sessions are: what the workers have in hand is still sent.
  await scope.open(
    'workers',
    () => (roles.has('workers') ? queue.start() : undefined),
    () => queue.close(),
  );
  await scope.open(
    'ingest',
    () => ingest,
    (opened) => opened.close(),
  );
  if (roles.has('sessions')) await fleet.open(scope.signal);
  await scope.open(
    'sweep',
    () => startSweep({ store, ingest, queue, clock, log }),
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

function kindOf(directory: Directory, id: OwnerId): 'bot' | 'account' | undefined {
  const owner = directory.owner(id);
  return owner?.kind === 'connection' ? owner.connection.kind : owner && 'bot';
}

async function openQueue({ secrets }: Settings, store: OpenedStore, clock: Clock, log: Log): Promise<Queue> {
  const { redisUrl } = secrets;
  return redisUrl === undefined
    ? openMemoryQueue({ clock, log })
    : openRedisQueue({ url: redisUrl, prefix: await redisPrefix(store), clock, log });
}

/** Installations that share one Redis neither take each other's wake-ups nor ask each other's sessions. */
async function redisPrefix({ identity }: Pick<OpenedStore, 'identity'>): Promise<string> {
  return `understudy:${await identity.id()}`;
}
