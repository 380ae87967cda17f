import type { tl } from '@mtcute/tl';

import type { ConnectionKind } from '../../domain/connection.js';
import { asGatewayError, GatewayError } from '../../domain/errors.js';
import { peerOf, type OwnerId, type Peer } from '../../domain/ids.js';
import type { Clock, Log } from '../../ports/runtime.js';
import type { Peers } from '../../ports/store.js';
import type { UpdateStore } from '../../ports/updates.js';
import type { Caller, CallOptions, LinkEvent } from '../link/link.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { CallingSession } from '../peers/session.js';
import type { Client } from '../rpc/client.js';
import { deathReason, floodSeconds, rpcErrorOf } from '../rpc/errors.js';
import { LAYER, writeTl } from '../tl/codec.js';
import type {
  EnginePorts,
  EngineSettings,
  Normalise,
  TransportEvent,
  UpdateEngine,
} from '../updates/ports.js';
import { changedChannels } from './changed-channels.js';
import type { SessionKey } from './key.js';
import { StateTeller, type SessionState } from './state.js';
import { logHole } from './log-hole.js';
import { ownCaller } from './own-caller.js';
import { createUpdatesApi } from './updates-api.js';
import { SilenceWatch } from './watch.js';

/** One owner's session while it runs here. */
export interface Session extends CallingSession {
  /** Its own user id, decimal. */
  readonly userId: string;
  state(): SessionState;
}

/** A session that its opener owns. */
export interface OpenedSession extends Session {
  /** Resolves when the engine has asked the first difference, or could not. */
  readonly started: Promise<void>;
  /** Resolves once, when the session cannot go on by itself. */
  readonly ended: Promise<SessionEnd>;
  /**
   * Resolves when the last socket is closed and nothing is written any more. `cut` closes the sockets at once; `drain` makes durable first
   * what was received, for 5 s at most: the next difference brings the rest, and no socket outlives the lease over a store that
   * hangs. A `cut` ends a drain that is under way.
   */
  close(how: 'drain' | 'cut'): Promise<void>;
}

export type SessionEnd =
  /** Only a new login helps. */
  | { readonly kind: 'dead'; readonly error: GatewayError }
  /** The client or the store does not answer, or the engine has failed: open it anew. */
  | { readonly kind: 'wedged'; readonly error: GatewayError }
  /** Another process has taken over. */
  | { readonly kind: 'stale' };

export interface SessionDeps {
  readonly openClient: (target: {
    readonly dc: number;
    readonly authKey: Uint8Array;
  }) => Client | Promise<Client>;
  readonly createEngine: (settings: EngineSettings, ports: EnginePorts) => UpdateEngine;
  readonly updates: UpdateStore;
  readonly peers: Peers;
  readonly directory: Pick<PeerDirectory, 'knows' | 'save'>;
  readonly normalise: Normalise;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1); for jitter only. */
  readonly random: () => number;
  readonly onJournaled: (owner: OwnerId) => void;
  /** Telegram hints that something about this group has changed for us: rights, membership, topics on or off. */
  readonly onGroupChanged?: (owner: OwnerId, group: Peer) => void;
}

export interface SessionOrder {
  readonly owner: OwnerId;
  readonly key: SessionKey;
  /** The lease: no call leaves and nothing is written when it does not hold any more. */
  readonly lease: { readonly fence: number; holds(): boolean };
  /** Somebody else's Bot API process uses the same bot: the engine polls every 15–30 s instead of waiting for silence. */
  readonly shared: boolean;
}

/** Opens the session's client and starts its engine. Rejects when no client can be made; everything later is told by `ended`. */
export async function openSession(
  deps: SessionDeps,
  order: SessionOrder,
  onState: (state: SessionState) => void,
): Promise<OpenedSession> {
  const { dc, authKey } = order.key;
  return new RunningSession(deps, order, onState, await deps.openClient({ dc, authKey }));
}

/** A drain ends well before the lease does, whose last renewal may be some seconds old. */
const drainMs = 5_000;

class RunningSession implements OpenedSession {
  readonly owner: OwnerId;
  readonly userId: string;
  readonly kind: ConnectionKind;
  readonly ended: Promise<SessionEnd>;
  readonly started: Promise<void>;
  readonly #clock: Clock;
  readonly #client: Client;
  readonly #calls: Caller;
  readonly #engine: UpdateEngine;
  readonly #watch: SilenceWatch;
  readonly #state: StateTeller;
  readonly #holds: () => boolean;
  #end: (end: SessionEnd) => void = () => undefined;
  #closed = false;

  constructor(
    deps: SessionDeps,
    order: SessionOrder,
    onState: (state: SessionState) => void,
    client: Client,
  ) {
    this.owner = order.owner;
    this.userId = order.key.userId;
    this.kind = order.key.kind;
    this.#holds = () => order.lease.holds();
    this.#clock = deps.clock;
    this.#client = client;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#state = new StateTeller(deps.clock, onState);
    const own = ownCaller(client);
    this.#calls = this.#guarded(client, (error) => this.#observe(error));
    this.#watch = new SilenceWatch(deps.clock, own.caller, (error) => this.#end({ kind: 'wedged', error }));
    this.#engine = deps.createEngine(engineSettings(order), this.#enginePorts(deps, own.caller));
    client.onUpdate((updates) => {
      this.#watch.heard();
      this.#engine.onUpdates(updates);
      for (const channel of changedChannels(updates, Number(this.userId)))
        deps.onGroupChanged?.(this.owner, peerOf('channel', channel));
    });
    client.onResult((request, result) => {
      this.#watch.heard();
      if (!own.made(request)) this.#engine.onResult(request, result);
    });
    client.onEvent((event) => this.#onEvent(event));
    this.started = this.#start();
  }

  call<T extends tl.RpcMethod>(method: T, options?: CallOptions): Promise<tl.RpcCallReturn[T['_']]> {
    return this.#calls.call(method, options);
  }

  state(): SessionState {
    return this.#state.current;
  }

  async mediaLink(dc?: number): Promise<Caller> {
    this.#refuseWhenOver();
    // A key that another data centre does not know is not the death of the session.
    return this.#guarded(await this.#client.mediaLink(dc), (error) => this.#observeFlood(error));
  }

  async resync(): Promise<void> {
    this.#refuseWhenOver();
    await this.#engine.resync();
  }

  async close(how: 'drain' | 'cut'): Promise<void> {
    this.#closed = true;
    this.#watch.stop();
    this.#state.stop();
    const durable = this.#engine.stop();
    if (how === 'drain') await this.#awaitBriefly(durable);
    // What is still being written must not meet the writes of a session that is opened after this one.
    await Promise.all([this.#client.close(), durable]);
  }

  async #awaitBriefly(durable: Promise<void>): Promise<void> {
    const done = new AbortController();
    await Promise.race([durable, this.#clock.sleep(drainMs, done.signal)]);
    done.abort();
  }

  async #start(): Promise<void> {
    try {
      await this.#engine.start();
    } catch (error) {
      this.#end(endOf(asGatewayError(error)));
    }
  }

  #guarded(caller: Caller, onError: (error: unknown) => void): Caller {
    return {
      call: async (method, options) => {
        this.#refuseWhenOver();
        try {
          return await caller.call(method, options);
        } catch (error) {
          onError(error);
          throw error;
        }
      },
    };
  }

  #refuseWhenOver(): void {
    if (!this.#holds()) throw new GatewayError('STALE_FENCE', this.owner);
    if (this.#closed) throw new GatewayError('TELEGRAM_UNREACHABLE', `the session ${this.owner} is closed`);
  }

  #observe(error: unknown): void {
    const reason = deathReason(error);
    if (reason !== undefined) this.#end({ kind: 'dead', error: new GatewayError('SESSION_DEAD', reason) });
    this.#observeFlood(error);
  }

  #observeFlood(error: unknown): void {
    const seconds = floodSeconds(error);
    if (seconds !== undefined) this.#state.flood(seconds);
  }

  #onEvent(event: LinkEvent): void {
    if (this.#closed) return;
    switch (event.type) {
      case 'disconnected':
        this.#state.tell('connecting', 'The connection to Telegram is down; it is being rebuilt.');
        return;
      case 'resting':
        this.#watch.rest(event.ms);
        return;
      case 'dead':
        this.#end({ kind: 'dead', error: new GatewayError('SESSION_DEAD', event.reason) });
        return;
      case 'connected':
      case 'reconnected':
        this.#state.tell('catching-up');
        break;
      case 'newSession':
      case 'undecodable':
        break;
    }
    this.#watch.heard();
    this.#engine.onEvent(event.type satisfies TransportEvent);
  }

  #enginePorts(deps: SessionDeps, caller: Caller): EnginePorts {
    const accessHash = async (channel: number) => {
      const known = await deps.peers.get(this.owner, peerOf('channel', channel));
      return known?.min === true ? undefined : known?.accessHash;
    };
    return {
      store: deps.updates,
      api: createUpdatesApi(caller, this.kind === 'bot', accessHash, (progress) =>
        this.#state.tell(progress === 'slice' ? 'catching-up' : 'live'),
      ),
      peers: {
        knows: (kind, id) => deps.directory.knows(this.owner, peerOf(kind, id)),
        save: (users, chats) => deps.directory.save(this.owner, users, chats),
      },
      clock: deps.clock,
      random: deps.random,
      normalise: deps.normalise,
      serialise: writeTl,
      faultOf: rpcErrorOf,
      reading: { pause: () => this.#client.pause(), resume: () => this.#client.resume() },
      onHole: (event) => logHole(deps.log, this.owner, event),
      onJournaled: () => deps.onJournaled(this.owner),
      onTerminal: (error) => this.#end(endOf(error)),
    };
  }
}

/** Why a session cannot go on whose engine has ended with this; its key is given up only on Telegram's word. */
function endOf(error: GatewayError): SessionEnd {
  switch (error.code) {
    case 'SESSION_DEAD':
      return { kind: 'dead', error };
    case 'STALE_FENCE':
      return { kind: 'stale' };
    default:
      return { kind: 'wedged', error };
  }
}

function engineSettings({ owner, key, lease, shared }: SessionOrder): EngineSettings {
  return {
    owner,
    fence: lease.fence,
    self: Number(key.userId),
    bot: key.kind === 'bot',
    shared,
    layer: LAYER,
  };
}
