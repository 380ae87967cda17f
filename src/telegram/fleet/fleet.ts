/** The fleet: all sessions that this process holds. Each one stands on a lease of its own, so no other process holds it too. */

import {
  ownerId,
  type Connection,
  type ConnectionState,
  type Desk,
  type Owner,
} from '../../domain/connection.js';
import { isDesk, type ConnectionId, type OwnerId } from '../../domain/ids.js';
import type { LoginDeps } from '../login/login.js';
import { createSessionKeys, type SessionKeys } from '../session/key.js';
import type { Session } from '../session/session.js';
import type { SessionState } from '../session/state.js';
import { Berth, type BerthDeps, type LastState } from './berth.js';
import { deskOf, logInOnce } from './desk.js';
import type { LeaseDeps } from './lease.js';
import { logOutAt, logOutIdle } from './logout.js';
import { Openings } from './openings.js';
import type { Fleet, FleetDeps } from './contract.js';
import { wholeShare, type Share } from './share.js';
import { StateWriter } from './state-writer.js';
import { withinShare, type SharedLeases } from './within-share.js';

const lookEveryMs = 1_500;
/** Sessions that move to another process at a time: the rest goes on meanwhile. */
const movedAtOnce = 8;

export function createFleet(deps: FleetDeps): Fleet {
  return new LeasedFleet(deps);
}

class LeasedFleet implements Fleet {
  readonly #deps: FleetDeps;
  readonly #keys: SessionKeys;
  readonly #berthDeps: BerthDeps;
  readonly #share: Share;
  /** Of the berths; logins and logouts are not counted. */
  readonly #leases: SharedLeases;
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
    this.#share = deps.share ?? wholeShare;
    this.#leases = withinShare(store.leases, clock, () => this.#allowed());
    this.#keys = createSessionKeys(store.sessions, deps.keyring);
    this.#berthDeps = {
      voyage: {
        session: { ...deps, peers: store.peers },
        keys: this.#keys,
        openings: new Openings(deps.openAtOnce ?? 8),
        serve: deps.serve,
        logInDesk: async (owner) => {
          const token = this.#deskTokens.get(owner);
          return token === undefined ? undefined : logInOnce(this.#loginDeps(), token);
        },
      },
      lease: { leases: this.#leases, clock, holder },
      onState(owner, state, held) {
        if (held) states.write(owner, state);
        deps.onState?.(owner, state);
      },
      written: (owner) => states.written(owner),
    };
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#share.join(signal);
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

  holds(owner: OwnerId): boolean {
    return this.#berths.get(owner)?.holds === true;
  }

  state(owner: OwnerId): SessionState | undefined {
    return this.#berths.get(owner)?.state;
  }

  async ensureDesk(token: string, signal = this.#closing.signal): Promise<Desk> {
    const { log } = this.#deps;
    const desk = await deskOf(
      { keys: this.#keys, lease: this.#visitLease(), login: this.#loginDeps(), log },
      token,
      AbortSignal.any([this.#closing.signal, signal]),
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
    // First, so that the others take what is given back at once.
    await this.#share.leave();
    const goodbye = last('connecting', 'Understudy is not running; it connects when it is started again.');
    await Promise.all([...this.#berths.values()].map((berth) => berth.stop(goodbye)));
  }

  #allowed(): number {
    return this.#share.of([...this.#berths.values()].filter((berth) => berth.wanted).length);
  }

  /** What is above our share goes to the others, the youngest first. */
  #giveWay(): void {
    const tooMany = this.#leases.held() - this.#allowed();
    if (tooMany <= 0) return;
    const holding = [...this.#berths.values()].filter((berth) => berth.holds);
    for (const berth of holding.slice(-Math.min(tooMany, movedAtOnce))) berth.giveWay();
  }

  /** For a login or logout: whatever our share is. */
  #visitLease(): LeaseDeps {
    const { store, clock, holder } = this.#deps;
    return { leases: store.leases, clock, holder };
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
    this.#giveWay();
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
      const { voyage } = this.#berthDeps;
      await logOutIdle({ keys: this.#keys, lease: this.#visitLease(), session: voyage.session }, owner);
    }
    this.#berths.delete(owner);
    this.#decidedAt.delete(owner);
    this.#loggedInAt.delete(owner);
  }
}

function last(state: ConnectionState, reason?: string): LastState {
  return { state, ...(reason === undefined ? {} : { reason }) };
}
