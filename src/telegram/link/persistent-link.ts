import type { tl } from '@mtcute/tl';
import { asGatewayError, GatewayError } from '../../domain/errors.js';
import { readResult, writeTl } from '../tl/codec.js';
import { Backoff } from './backoff.js';
import { asBuffer } from './cipher.js';
import { Connection, type Credentials } from './connection.js';
import { DcDirectory } from './dc-directory.js';
import { MAX_REQUEST_BYTES } from './gramjs.js';
import { initCall } from './init.js';
import type { CallOptions, DeathReason, Link, LinkEvent, LinkOptions } from './link.js';
import { deathOf, isKeyUnknown, pauseMsOf, reasonOf, type Outcome } from './outcome.js';
import { Outstanding } from './outstanding.js';
import { rsaKeysOf } from './rsa-keys.js';
import type { SessionEnd } from './session.js';

/** Nothing comes for this long although something is awaited: decisions.md; uploads may fill a slow uplink for longer. */
const SILENCE_MS = { main: 5_000, files: 15_000 } as const;
/** So many unreadable messages within a minute: perhaps the server has forgotten our layer, so it is told again. */
const UNDECODABLE_LIMIT = 3;
const UNDECODABLE_WINDOW_MS = 60_000;

/** A Link over one connection after the other. Listeners are set before `start`, so that they miss nothing. */
export class PersistentLink implements Link {
  readonly #options: LinkOptions;
  readonly #directory: DcDirectory;
  readonly #outstanding: Outstanding;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  readonly #updateListeners: ((updates: tl.TypeUpdates) => void)[] = [];
  readonly #eventListeners: ((event: LinkEvent) => void)[] = [];
  #dc: number;
  #credentials: Credentials | undefined;
  /** The key is not known to whoever stores it, nor proven to work. */
  #keyIsNew: boolean;
  #connection: Connection | undefined;
  #phase: 'down' | 'up' | 'closed' | 'dead' = 'down';
  #wasUp = false;
  #announcedDown = false;
  #keyRefusals = 0;
  #paused = false;
  #undecodableMs: number[] = [];
  #running: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#dc = options.dc;
    this.#directory = options.directory ?? new DcDirectory(options.server);
    this.#backoff = new Backoff(options.clock);
    this.#outstanding = new Outstanding(options.clock, (outgoing) => this.#connection?.drop(outgoing));
    this.#keyIsNew = options.authKey === undefined;
    if (options.authKey !== undefined) {
      // The salt is not stored: the server names the right one in answer to the first message.
      this.#credentials = {
        authKey: Buffer.from(options.authKey),
        salt: Buffer.alloc(8),
        timeOffsetSeconds: 0,
      };
    }
  }

  get dc(): number {
    return this.#dc;
  }

  get authKey(): Uint8Array {
    return this.#credentials?.authKey ?? new Uint8Array();
  }

  /** Connects, and goes on connecting until `close` or death. */
  start(): this {
    this.#running ??= this.#run();
    return this;
  }

  async call<T extends tl.RpcMethod>(
    method: T,
    options: CallOptions = {},
  ): Promise<tl.RpcCallReturn[T['_']]> {
    if (this.#phase === 'closed') throw new GatewayError('TELEGRAM_UNREACHABLE', 'the link is closed');
    if (this.#phase === 'dead') throw new GatewayError('SESSION_DEAD', 'the link is dead');
    const bytes = asBuffer(writeTl(method));
    if (bytes.length > MAX_REQUEST_BYTES)
      throw new GatewayError('TELEGRAM_REFUSED', `${method._} is too large`);
    const answer = await this.#outstanding.add(method._, bytes, options, (outgoing) => {
      if (this.#phase === 'up') this.#connection?.send(outgoing);
    });
    // The method's result type is what its reader reads: the data package generates both from one schema.
    return this.#read(method._, answer);
  }

  onUpdate(listener: (updates: tl.TypeUpdates) => void): void {
    this.#updateListeners.push(listener);
  }

  onEvent(listener: (event: LinkEvent) => void): void {
    this.#eventListeners.push(listener);
  }

  pause(): void {
    this.#paused = true;
    if (this.#phase === 'up') this.#connection?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#connection?.resume();
  }

  async close(): Promise<void> {
    if (this.#phase !== 'dead') this.#phase = 'closed';
    this.#stop.abort();
    this.#connection?.end({ type: 'closed' });
    this.#outstanding.refuseAll('the link was closed');
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver()) {
      const outcome = await this.#live();
      if (this.#isOver()) break;
      this.#phase = 'down';
      if (!this.#announcedDown) this.#emit({ type: 'disconnected', reason: reasonOf(outcome) });
      this.#announcedDown = true;
      this.#options.log.info('link-down', { dc: this.#dc, reason: reasonOf(outcome) });
      const reason = await this.#deathOf(outcome);
      if (reason !== undefined) this.#die(reason);
      else {
        const ms = pauseMsOf(outcome);
        if (ms > 0) this.#emit({ type: 'resting', ms });
        await this.#options.clock.sleep(Math.max(this.#backoff.nextMs(), ms), this.#stop.signal);
      }
    }
  }

  /** One connection, from the first attempt to its end. */
  async #live(): Promise<Outcome> {
    try {
      const connection = this.#newConnection();
      this.#connection = connection;
      const end = await this.#open(connection);
      if (this.#credentials !== undefined) this.#credentials = connection.refreshed(this.#credentials);
      return end;
    } catch (thrown) {
      this.#connection?.end({ type: 'closed' });
      return { type: 'failed', error: asGatewayError(thrown) };
    } finally {
      this.#connection = undefined;
    }
  }

  async #open(connection: Connection): Promise<SessionEnd> {
    const { server, identity, purpose = 'main' } = this.#options;
    const dialledBlind = this.#directory.blind;
    await connection.connect();
    this.#credentials ??= await connection.handshake(
      rsaKeysOf(server),
      dialledBlind ? undefined : dcOnWire(server, this.#dc),
    );
    const answer = await connection.initialise(this.#credentials, initCall(identity, purpose));
    if (!('_' in answer)) return answer;
    this.#directory.learn(answer);
    if (this.#keyIsNew) {
      if (dialledBlind) this.#dc = answer.thisDc;
      this.#keyIsNew = false;
      this.#options.onAuthKey?.(this.#credentials.authKey, this.#dc);
    }
    this.#goUp(connection);
    return connection.ended;
  }

  #goUp(connection: Connection): void {
    if (this.#isOver()) return;
    this.#phase = 'up';
    this.#keyRefusals = 0;
    this.#announcedDown = false;
    this.#backoff.succeeded();
    this.#options.log.info('link-up', { dc: this.#dc });
    this.#emit({ type: this.#wasUp ? 'reconnected' : 'connected' });
    this.#wasUp = true;
    // The same bytes again: what carries a random id is executed once however often it arrives.
    for (const outgoing of this.#outstanding) connection.send(outgoing);
    if (this.#paused) connection.pause();
  }

  #newConnection(): Connection {
    const { clock, purpose = 'main' } = this.#options;
    const events = {
      updates: (updates: tl.TypeUpdates) => {
        for (const listener of this.#updateListeners) listener(updates);
      },
      newSession: () => {
        // Every connection starts with one: `connected` and `reconnected` say that already.
        if (this.#phase === 'up') this.#emit({ type: 'newSession' });
      },
      undecodable: (reason: string) => {
        this.#undecodable(reason);
      },
    };
    const address = this.#directory.addressOf(this.#dc, purpose);
    return new Connection({ address, clock, events, silenceMs: SILENCE_MS[purpose] });
  }

  #read(method: string, answer: Buffer): unknown {
    try {
      return readResult(method, answer);
    } catch {
      this.#undecodable(method);
      throw new GatewayError('ANSWER_LOST', `its answer to ${method} cannot be read`);
    }
  }

  #undecodable(reason: string): void {
    this.#options.log.warn('undecodable', { dc: this.#dc, reason });
    this.#emit({ type: 'undecodable', reason });
    const now = this.#options.clock.now();
    this.#undecodableMs = [...this.#undecodableMs.filter((at) => at > now - UNDECODABLE_WINDOW_MS), now];
    if (this.#undecodableMs.length < UNDECODABLE_LIMIT) return;
    this.#undecodableMs = [];
    this.#connection?.end({ type: 'undecodable' });
  }

  /** The reason if this end is final. */
  async #deathOf(outcome: Outcome): Promise<DeathReason | undefined> {
    if (!isKeyUnknown(outcome)) return deathOf(outcome);
    if (this.#keyIsNew) {
      this.#credentials = undefined;
      return undefined;
    }
    // The only address we know may be another DC's, where nobody knows our key: ask it for ours first.
    if (this.#directory.blind) {
      await this.#lookAround();
      return undefined;
    }
    // Said twice, on two connections, it is meant.
    return ++this.#keyRefusals >= 2 ? 'AUTH_KEY_UNREGISTERED' : undefined;
  }

  /** Fills the directory with a key made for nothing else. */
  async #lookAround(): Promise<void> {
    const { authKey: _, onAuthKey: __, ...options } = this.#options;
    const scout = new PersistentLink({ ...options, directory: this.#directory });
    const stop = this.#stop.signal;
    await new Promise<void>((resolve) => {
      const done = () => {
        stop.removeEventListener('abort', done);
        resolve();
      };
      stop.addEventListener('abort', done);
      scout.onEvent(({ type }) => {
        if (type === 'connected' || type === 'disconnected' || type === 'dead') done();
      });
      scout.start();
    });
    await scout.close();
  }

  #die(reason: DeathReason): void {
    this.#phase = 'dead';
    this.#outstanding.refuseAll(reason, 'SESSION_DEAD');
    this.#options.log.error('link-dead', { dc: this.#dc, reason });
    this.#emit({ type: 'dead', reason });
  }

  #isOver(): boolean {
    return this.#phase === 'closed' || this.#phase === 'dead';
  }

  #emit(event: LinkEvent): void {
    for (const listener of this.#eventListeners) {
      try {
        listener(event);
      } catch (thrown) {
        // A listener's mistake must not stop the reconnecting.
        this.#options.log.error('link-listener-failed', { dc: this.#dc, event: event.type }, thrown);
      }
    }
  }
}

/** Test servers count their DCs from 10 000 in the handshake. */
function dcOnWire(server: LinkOptions['server'], dc: number): number {
  return server.kind === 'test' ? dc + 10_000 : dc;
}
