/** Telegram, put together: clients, logins, the fleet of sessions and what the flows send through it. */

import type { Settings } from '../config/settings.js';
import type { TelegramConfig } from '../config/telegram.js';
import type { OwnerId, Peer } from '../domain/ids.js';
import type { Relay } from '../ports/relay.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { GroupCheck, Sender } from '../ports/telegram.js';
import type { Fleet } from '../telegram/fleet/contract.js';
import { createFleet } from '../telegram/fleet/fleet.js';
import { DcDirectory } from '../telegram/link/dc-directory.js';
import type { Identity } from '../telegram/link/link.js';
import { DEFAULT_DC, type TelegramServer } from '../telegram/link/server.js';
import { computePasswordCheck } from '../telegram/rpc/password-check.js';
import type { LoginDeps } from '../telegram/login/login.js';
import { createTransfers } from '../telegram/media/transfer.js';
import { normaliseUpdate } from '../telegram/normalise/update.js';
import { createSender } from '../telegram/outgoing/sender.js';
import { remoteSession, type RemoteDeps } from '../telegram/remote/remote-session.js';
import { serveSession } from '../telegram/remote/serve-session.js';
import type { Share } from '../telegram/fleet/share.js';
import { createGroupCheck } from '../telegram/peers/group-check.js';
import { createPeerDirectory } from '../telegram/peers/peer-directory.js';
import type { SessionState } from '../telegram/session/state.js';
import type { SessionOf } from '../telegram/peers/session.js';
import { createClient, type Client } from '../telegram/rpc/client.js';
import { createEngine } from '../telegram/updates/engine.js';
import { firstContact } from './first-contact.js';
import type { Installation } from './installation.js';

interface Parts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives up a login that is connecting. */
  readonly signal?: AbortSignal;
}

/** Opens a client to a data centre; without a DC to where logins start, without a key a new one is agreed on. */
export type OpenClient = (target: {
  readonly dc?: number;
  readonly authKey?: Uint8Array;
  readonly floodWaitLimitSeconds?: number;
}) => Client;

/** One per process: what it learns of Telegram's addresses serves every session. */
export function clientOpener({ settings, clock, log }: Parts): OpenClient {
  const { config, secrets } = settings;
  const server = serverOf(config.telegram);
  const directory = new DcDirectory(server);
  const identity: Identity = {
    apiId: config.telegram.apiId,
    apiHash: secrets.apiHash,
    deviceModel: 'Understudy',
    systemVersion: `Node ${process.versions.node}`,
    appVersion: '0.1.0',
  };
  return ({ dc = DEFAULT_DC, authKey, ...options }) =>
    createClient({
      ...options,
      server,
      dc,
      identity,
      clock,
      log,
      directory,
      ...(authKey === undefined ? {} : { authKey }),
    });
}

/** What a login needs; commands use it without a fleet. */
export function loginDeps(parts: Parts, openClient: OpenClient): LoginDeps {
  const { config, secrets } = parts.settings;
  const { clock, signal } = parts;
  return {
    api: { id: config.telegram.apiId, hash: secrets.apiHash },
    openClient: (target) => firstContact(openClient(target), { clock, signal }),
    passwordCheck: computePasswordCheck,
    clock,
  };
}

export interface Telegram {
  readonly fleet: Fleet;
  readonly sender: Sender;
  readonly groups: GroupCheck;
}

export interface TelegramParts extends Parts {
  readonly installation: Installation;
  readonly holder: string;
  /** Of several processes: reaches the sessions of the others. */
  readonly relay?: Relay | undefined;
  readonly share?: Share | undefined;
  /** Undefined for an owner that nobody knows. */
  readonly kindOf: (owner: OwnerId) => 'bot' | 'account' | undefined;
  readonly onJournaled: (owner: OwnerId) => void;
  readonly onGroupChanged: (owner: OwnerId, group: Peer) => void;
  readonly onState: (owner: OwnerId, state: SessionState) => void;
}

/** Everything that runs sessions in this process. */
export function wireTelegram(parts: TelegramParts): Telegram {
  const { clock, log, holder, onJournaled, onGroupChanged, onState, signal } = parts;
  const { store, keyring } = parts.installation;
  const openClient = clientOpener(parts);
  const far: RemoteDeps | undefined = parts.relay && { relay: parts.relay, keyring };
  const sessionOf: SessionOf = (owner) => fleet.sessionOf(owner) ?? elsewhere(parts, far, owner);
  const peers = createPeerDirectory({ peers: store.peers, sessionOf });
  const fleet = createFleet({
    // Without a key it is a login. A session hands every flood wait to its caller: rows wait in the store, and no worker sleeps
    // for one group while others could be served.
    openClient: (target) =>
      target.authKey === undefined
        ? firstContact(openClient(target), { clock, signal })
        : openClient({ ...target, floodWaitLimitSeconds: 0 }),
    store,
    keyring,
    holder,
    ...(parts.share === undefined ? {} : { share: parts.share }),
    ...(far === undefined ? {} : { serve: (session) => serveSession(far, session) }),
    login: loginDeps(parts, openClient),
    createEngine,
    updates: store.updates,
    directory: peers,
    normalise: normaliseUpdate,
    clock,
    log,
    random: Math.random,
    onJournaled,
    onGroupChanged,
    onState,
  });
  const transfers = createTransfers({ sessionOf, peers, clock });
  return { fleet, sender: createSender({ sessionOf, peers, transfers }), groups: createGroupCheck(peers) };
}

/** The session as another process holds it, if one does. */
function elsewhere(
  { kindOf }: Pick<TelegramParts, 'kindOf'>,
  far: RemoteDeps | undefined,
  owner: OwnerId,
): ReturnType<SessionOf> {
  const kind = kindOf(owner);
  return far === undefined || kind === undefined ? undefined : remoteSession(far, owner, kind);
}

function serverOf(config: TelegramConfig): TelegramServer {
  if (config.server !== 'custom') return { kind: config.server };
  const { host, port, publicKeyPem } = config;
  return { kind: 'custom', host, port, publicKeyPem };
}
