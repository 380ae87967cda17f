/** The fleet: all sessions that this process holds. Each one stands on a lease of its own, so no other process holds it too. */

import {
  ownerId,
  type Connection,
  type ConnectionState,
  type Desk,
  type Owner,
} from '../../domain/connection.js';
import { isDesk, type ConnectionId, type OwnerId } from '../../domain/ids.js';
import type { KeyRing } from '../../ports/runtime.js';
import type { Store } from '../../ports/store.js';
import type { LoginDeps } from '../login/login.js';
import type { Client } from '../rpc/client.js';
import { createSessionKeys, type SessionKeys } from '../session/key.js';
import type { Session, SessionDeps } from '../session/session.js';
import type { SessionState } from '../session/state.js';
import { Berth, type BerthDeps, type LastState } from './berth.js';
import { deskOf, logInOnce } from './desk.js';
import { logOutAt, logOutIdle } from './logout.js';
import { Openings } from './openings.js';
import { StateWriter } from './state-writer.js';

export interface FleetDeps extends Omit<SessionDeps, 'openClient' | 'peers'> {
  /** Without a key a new one is agreed on, without a DC where logins start. */
  readonly openClient: (target: {
    readonly dc?: number;
    readonly authKey?: Uint8Array;
  }) => Client | Promise<Client>;
  readonly store: Pick<Store, 'connections' | 'sessions' | 'leases' | 'peers'>;
  readonly keyring: KeyRing;
  /** This process; no two living ones have the same name. */
  readonly holder: string;
  readonly login: Pick<LoginDeps, 'api' | 'passwordCheck'>;
  /** Sessions that may be connecting at the same time; default 8. */
  readonly openAtOnce?: number;
  readonly onState?: (owner: OwnerId, state: SessionState) => void;
}

export interface Fleet {
  /**
   * Wants this session to run here: takes its lease as soon as it is free and opens it; returns at once. Connections are found
   * without it within 2 s; a desk is started by `ensureDesk`.
   */
  start(owner: Owner): void;
  /** Closes the session and gives its lease back; a connection stays stopped, in every process, until `start`. */
  stop(owner: OwnerId, reason?: string): Promise<void>;
  /** Closes the session and opens it anew. */
  restart(owner: OwnerId): Promise<void>;
  /** The session while it runs here. */
  sessionOf(owner: OwnerId): Session | undefined;
  /** Undefined when the fleet has never heard of the owner. */
  state(owner: OwnerId): SessionState | undefined;
  /**
   * The running desk session of this token. Without a stored key it logs in once and stores the key sealed; the token stays in
   * memory, so that a desk whose session dies comes back by itself. Throws BOT_TOKEN_INVALID, FLOOD_WAIT, TELEGRAM_UNREACHABLE, KEY_WRONG.
   */
  ensureDesk(token: string): Promise<Desk>;
  /**
   * Removes the connection's row, ends the session at Telegram (auth.logOut) and erases its key, wherever it runs: another
   * process that holds it does so within 2 s. Throws TELEGRAM_UNREACHABLE; the key is kept then, and it may be repeated.
   */
  logout(owner: OwnerId): Promise<void>;
  /** Looks for new and removed connections now and every 1.5 s from here on; rejects when the store can not be read. */
  open(): Promise<void>;
  /** Closes every session, then gives the leases back. */
  close(): Promise<void>;
}

const lookEveryMs = 1_500;

export function createFleet(deps: FleetDeps): Fleet {
  return new LeasedFleet(deps);
}

class LeasedFleet implements Fleet {
  readonly #deps: FleetDeps;
  readonly #keys: SessionKeys;
  readonly #berthDeps: BerthDeps;
  readonly #berths = new Map<OwnerId, Berth>();
  /** When this process last wanted a connection started or stopped: older rows do not overrule it. */
  readonly #decidedAt = new Map<OwnerId, number>();
  /** When the row was made: a later one is a new login. */
  readonly #loggedInAt = new Map<OwnerId, number>();
  readonly #leaving = new Set<OwnerId>();
  readonly #deskTokens = new Map<OwnerId, string>();
  readonly #closing = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    const { store, clock, holder, log } = deps;
    const states = new StateWriter(store.connections, log);
    this.#keys = createSessionKeys(store.sessions, deps.keyring);
    this.#berthDeps = {
      voyage: {
        session: { ...deps, peers: store.peers },
        keys: this.#keys,
        openings: new Openings(deps.openAtOnce ?? 8),
        logInDesk: async (owner) => {
          const token = this.#deskTokens.get(owner);
          return token === undefined ? undefined : logInOnce(this.#loginDeps(), token);
        },
      },
      lease: { leases: store.leases, clock, holder },
      onState(owner, state, held) {
        if (held) states.write(owner, state);
        deps.onState?.(owner, state);
      },
      written: (owner) => states.written(owner),
    };
  }

  async open(): Promise<void> {
    await this.#look();
    this.#looking = this.#keepLooking();
  }

  start(owner: Owner): void {
    const id = ownerId(owner);
    this.#decidedAt.set(id, this.#deps.clock.now());
    this.#berth(id).start();
  }

  async stop(owner: OwnerId, reason?: string): Promise<void> {
    this.#decidedAt.set(owner, this.#deps.clock.now());
    const berth = this.#berth(owner);
    await berth.stop(last('stopped', reason));
    // Also for the process that holds it, if that is another one.
    if (!isDesk(owner)) {
      await this.#deps.store.connections.setState(owner, 'stopped', berth.state.since, reason);
    }
  }

  async restart(owner: OwnerId): Promise<void> {
    const berth = this.#berth(owner);
    const stopped = berth.stop(last('connecting'));
    if (!this.#closing.signal.aborted) berth.start();
    await stopped;
  }

  sessionOf(owner: OwnerId): Session | undefined {
    return this.#berths.get(owner)?.session;
  }

  state(owner: OwnerId): SessionState | undefined {
    return this.#berths.get(owner)?.state;
  }

  async ensureDesk(token: string): Promise<Desk> {
    const desk = await deskOf(
      { keys: this.#keys, lease: this.#berthDeps.lease, login: this.#loginDeps() },
      token,
      this.#closing.signal,
    );
    this.#deskTokens.set(desk.id, token);
    this.start({ kind: 'desk', desk });
    return desk;
  }

  async logout(owner: OwnerId): Promise<void> {
    // From here on the look leaves it to us.
    this.#leaving.add(owner);
    try {
      if (!isDesk(owner)) await this.#deps.store.connections.remove(owner);
      await this.#leave(owner);
    } finally {
      this.#leaving.delete(owner);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
    const goodbye = last('connecting', 'Understudy is not running; it connects when it is started again.');
    await Promise.all([...this.#berths.values()].map((berth) => berth.stop(goodbye)));
  }

  #loginDeps(): LoginDeps {
    const { clock, openClient, login } = this.#deps;
    return { ...login, openClient, clock };
  }

  #berth(owner: OwnerId): Berth {
    const known = this.#berths.get(owner);
    if (known !== undefined) return known;
    const berth = new Berth(this.#berthDeps, owner);
    this.#berths.set(owner, berth);
    return berth;
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#deps.clock.sleep(lookEveryMs, signal);
      if (signal.aborted) return;
      await this.#look().catch((error: unknown) => {
        this.#deps.log.warn('connections-not-read', {}, error);
      });
    }
  }

  /** What the rows say: new connections start, stopped ones stop, removed ones leave. */
  async #look(): Promise<void> {
    const rows = await this.#deps.store.connections.list();
    if (this.#closing.signal.aborted) return;
    for (const row of rows) this.#follow(row);
    const listed = new Set<OwnerId>(rows.map((row) => row.id));
    for (const owner of this.#berths.keys()) {
      if (!isDesk(owner) && !listed.has(owner)) await this.#leaveIfRemoved(owner);
    }
  }

  #follow(row: Connection): void {
    const wanted = row.state !== 'stopped';
    if ((this.#loggedInAt.get(row.id) ?? row.createdAt) !== row.createdAt) this.#takeLogin(row.id);
    this.#loggedInAt.set(row.id, row.createdAt);
    if (wanted === (this.#berths.get(row.id)?.wanted ?? false)) return;
    if (row.stateSince < (this.#decidedAt.get(row.id) ?? 0)) return;
    if (wanted) this.#berth(row.id).start();
    else void this.#berth(row.id).stop(last('stopped', row.stateReason));
  }

  /** The key was replaced while the session runs on the former one: that one is ended, also at Telegram. */
  #takeLogin(owner: ConnectionId): void {
    const take = async () => {
      const berth = this.#berth(owner);
      const key = await this.#keys.load(owner);
      if (key === undefined || berth.session === undefined || !berth.outdated(key.authKey)) return;
      await logOutAt(berth.session).catch((error: unknown) => {
        this.#deps.log.warn('logout-failed', { owner }, error);
      });
      await this.restart(owner);
    };
    take().catch((error: unknown) => {
      this.#deps.log.warn('login-not-taken', { owner }, error);
    });
  }

  /** Asked a second time: a session is ended only for a row that is certainly gone. */
  async #leaveIfRemoved(owner: ConnectionId): Promise<void> {
    if (this.#leaving.has(owner) || (await this.#deps.store.connections.get(owner)) !== undefined) return;
    this.#leaving.add(owner);
    this.#leave(owner)
      .catch((error: unknown) => this.#deps.log.warn('logout-failed', { owner }, error))
      .finally(() => this.#leaving.delete(owner));
  }

  async #leave(owner: OwnerId): Promise<void> {
    const berth = this.#berths.get(owner);
    const session = berth?.session;
    if (session !== undefined) {
      await logOutAt(session);
      await this.#keys.remove(owner);
    }
    await berth?.stop(last('stopped', 'It was logged out.'));
    if (session === undefined) {
      const { voyage, lease } = this.#berthDeps;
      await logOutIdle({ keys: this.#keys, lease, session: voyage.session }, owner);
    }
    this.#berths.delete(owner);
    this.#decidedAt.delete(owner);
    this.#loggedInAt.delete(owner);
  }
}

function last(state: ConnectionState, reason?: string): LastState {
  return { state, ...(reason === undefined ? {} : { reason }) };
}
