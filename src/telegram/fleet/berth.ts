/** One owner's place in the fleet: takes the lease, has the session sail while it holds, gives the lease back. */

import type { ConnectionState } from '../../domain/connection.js';
import type { OwnerId } from '../../domain/ids.js';
import type { OpenedSession } from '../session/session.js';
import type { SessionState } from '../session/state.js';
import { takeLease, type Lease, type LeaseDeps } from './lease.js';
import { loggedInAnew, Voyage, type VoyageDeps } from './voyage.js';

export interface BerthDeps {
  readonly voyage: VoyageDeps;
  readonly lease: LeaseDeps;
  /** `held`: we have the lease, so this is the session's state for everybody. */
  readonly onState: (owner: OwnerId, state: SessionState, held: boolean) => void;
  /** Resolves when the newest state is stored. */
  readonly written: (owner: OwnerId) => Promise<void>;
}

/** What is told when a berth is called off. */
export interface LastState {
  readonly state: ConnectionState;
  readonly reason?: string;
}

export class Berth {
  readonly owner: OwnerId;
  readonly #deps: BerthDeps;
  #state: SessionState;
  #voyage: Voyage | undefined;
  #lease: Lease | undefined;
  #givingWay = new AbortController();
  #calledOff = new AbortController();
  #last: LastState = { state: 'stopped' };
  #run: Promise<void> | undefined;
  #wanted = false;

  constructor(deps: BerthDeps, owner: OwnerId) {
    this.#deps = deps;
    this.owner = owner;
    this.#state = { state: 'stopped', since: deps.lease.clock.now() };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The session while it is open. */
  get session(): OpenedSession | undefined {
    return this.#voyage?.session;
  }

  /** Whether the lease is ours: this process opens the session, or waits for a login. */
  get holds(): boolean {
    return this.#lease?.holds() === true;
  }

  /** Closes the session and gives the lease back so that another process takes it; then waits for it like every other. */
  giveWay(): void {
    this.#givingWay.abort();
  }

  /** Whether its open session speaks with another key than this one. */
  outdated(authKey: Uint8Array): boolean {
    return this.session !== undefined && this.#voyage?.usesKey(authKey) === false;
  }

  /** Whether it is meant to run; it may still wait for its lease or for a login. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Harmless while it runs; after a `stop` that is under way it starts again. */
  start(): void {
    this.#wanted = true;
    if (this.#run !== undefined) return;
    this.#calledOff = new AbortController();
    this.#tell({ state: 'connecting' }, false);
    this.#run = this.#hold(this.#calledOff.signal);
  }

  /** Closes the session, tells the last state while the lease is still ours, then gives the lease back. */
  async stop(last: LastState): Promise<void> {
    this.#wanted = false;
    this.#last = last;
    const run = this.#run;
    this.#calledOff.abort();
    await run;
    if (this.#run !== run) return;
    this.#run = undefined;
    if (this.wanted) this.start();
  }

  async #hold(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lease = await takeLease(this.#deps.lease, leaseName(this.owner), signal, () => {
        this.#tell({ state: 'connecting', reason: 'Another process holds this session.' }, false);
      });
      if (lease === undefined) break;
      this.#lease = lease;
      this.#givingWay = new AbortController();
      const end = await this.#sail(lease, signal);
      this.#lease = undefined;
      await lease.release();
      // Whoever has a token that works needs the lease to log in; a key, whoever stores it, serves us too.
      if (end === 'locked-out') await loggedInAnew(this.#deps.voyage, this.owner, undefined, signal);
    }
    this.#tell(this.#last, false);
  }

  async #sail(lease: Lease, signal: AbortSignal): ReturnType<Voyage['run']> {
    const { log } = this.#deps.voyage.session;
    log.info('lease-taken', { owner: this.owner, fence: lease.fence });
    this.#voyage = new Voyage(this.#deps.voyage, this.owner, lease, (state) => this.#keep(state, true));
    const end = await this.#voyage.run(AbortSignal.any([signal, lease.lost, this.#givingWay.signal]));
    this.#voyage = undefined;
    if (!lease.holds()) log.warn('lease-lost', { owner: this.owner, fence: lease.fence });
    else if (signal.aborted) this.#tell(this.#last, true);
    await this.#deps.written(this.owner);
    return end;
  }

  #tell({ state, reason }: LastState, held: boolean): void {
    const since = this.#deps.lease.clock.now();
    this.#keep({ state, since, ...(reason === undefined ? {} : { reason }) }, held);
  }

  #keep(state: SessionState, held: boolean): void {
    const same = this.#state.state === state.state && this.#state.reason === state.reason;
    if (same && !held) return;
    this.#state = same ? { ...state, since: this.#state.since } : state;
    this.#deps.onState(this.owner, this.#state, held);
  }
}

export function leaseName(owner: OwnerId): string {
  return `session-${owner}`;
}
