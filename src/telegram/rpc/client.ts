/** One authorisation with everything a caller expects: waits, retries, moves between DCs, links for files. */

import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import { DcDirectory } from '../link/dc-directory.js';
import type { CallOptions, Caller, DeathReason, Link, LinkEvent, LinkOptions } from '../link/link.js';
import { PersistentLink } from '../link/persistent-link.js';
import { isTransient, rpcErrorOf } from './errors.js';
import { MediaLinks } from './media-links.js';
import { attempt, contextFor } from './middlewares/deadline.js';
import { doubt } from './middlewares/doubt.js';
import { floodWait } from './middlewares/flood-wait.js';
import { compose, type Next } from './middlewares/middleware.js';
import { migrate } from './middlewares/migrate.js';
import { ownResults } from './middlewares/own-results.js';
import { terminal } from './middlewares/terminal.js';
import { transientRetry } from './middlewares/transient.js';
import { classOf } from './request-class.js';

/** A Link whose calls pass the middlewares (rpc/middlewares). */
export interface Client extends Link {
  /** Every answered call of ours, before the caller gets it: the engine learns the pts of own results. */
  onResult(listener: (request: tl.RpcMethod, result: unknown) => void): void;
  /**
   * One more connection for files on that DC (default: the home DC, same key; elsewhere by exported authorisation).
   * Opened once per DC, closed with the client. Use it for `upload.*` only: it takes no updates.
   */
  mediaLink(dc?: number): Promise<Caller>;
}

export interface ClientOptions extends LinkOptions {
  /** FLOOD_WAIT up to this many seconds is waited out exactly, above it is thrown; default 10. */
  readonly floodWaitLimitSeconds?: number;
}

const FLOOD_WAIT_LIMIT_SECONDS = 10;

/**
 * Answers at once and connects in the background: listeners set in the same turn miss nothing, calls wait for the
 * connection within their deadline. `onAuthKey` is called again when a login moves to another DC.
 */
export function createClient(options: ClientOptions): Client {
  return new MiddlewareClient(options);
}

class MiddlewareClient implements Client {
  readonly #options: LinkOptions;
  readonly #media: MediaLinks;
  readonly #chain: Next;
  readonly #updateListeners: ((updates: tl.TypeUpdates) => void)[] = [];
  readonly #eventListeners: ((event: LinkEvent) => void)[] = [];
  readonly #resultListeners: ((request: tl.RpcMethod, result: unknown) => void)[] = [];
  #link: PersistentLink;
  #moving: Promise<void> | undefined;
  #authorised: boolean;
  #paused = false;
  #death: DeathReason | undefined;

  constructor({ floodWaitLimitSeconds = FLOOD_WAIT_LIMIT_SECONDS, ...options }: ClientOptions) {
    const { clock, server } = options;
    this.#options = { ...options, directory: options.directory ?? new DcDirectory(server) };
    this.#authorised = options.authKey !== undefined;
    this.#media = new MediaLinks(this.#options, () => this);
    this.#link = this.#newLink(this.#options);
    const { outermost, innermost } = doubt();
    // In this order, outermost first.
    const middlewares = [
      ownResults((request, result) => {
        this.#learn(request, result);
      }),
      outermost,
      terminal(
        () => this.#authorised,
        (reason) => {
          this.#die(reason);
        },
      ),
      floodWait(clock, floodWaitLimitSeconds),
      transientRetry(clock),
      migrate({ moveTo: (dc) => this.#moveTo(dc), mediaLink: (dc) => this.mediaLink(dc) }),
      innermost,
    ];
    this.#chain = compose(
      middlewares,
      attempt(() => this.#link, clock),
    );
  }

  get dc(): number {
    return this.#link.dc;
  }

  get authKey(): Uint8Array {
    return this.#link.authKey;
  }

  async call<T extends tl.RpcMethod>(
    method: T,
    options: CallOptions = {},
  ): Promise<tl.RpcCallReturn[T['_']]> {
    try {
      this.#refuseDead();
      const result = await this.#chain(method, contextFor(method, options, this.#options.clock));
      // The link reads each result by its method's own reader.
      return result;
    } catch (thrown) {
      // The closing link, which doesn't know why, refuses what was outstanding when the session died. A send in doubt stays in doubt.
      if (rpcErrorOf(thrown) === undefined && !(classOf(method) === 'send' && isTransient(thrown)))
        this.#refuseDead();
      throw thrown;
    }
  }

  onUpdate(listener: (updates: tl.TypeUpdates) => void): void {
    this.#updateListeners.push(listener);
  }

  onEvent(listener: (event: LinkEvent) => void): void {
    this.#eventListeners.push(listener);
  }

  onResult(listener: (request: tl.RpcMethod, result: unknown) => void): void {
    this.#resultListeners.push(listener);
  }

  async mediaLink(dc = this.dc): Promise<Caller> {
    this.#refuseDead();
    return this.#media.open(dc);
  }

  pause(): void {
    this.#paused = true;
    this.#link.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#link.resume();
  }

  async close(): Promise<void> {
    // Both at once: no socket of this session may outlive the other.
    await Promise.all([this.#link.close(), this.#media.close()]);
  }

  #newLink(options: LinkOptions): PersistentLink {
    const link = new PersistentLink(options);
    link.onUpdate((updates) => {
      for (const listener of this.#updateListeners) listener(updates);
    });
    link.onEvent((event) => {
      if (link !== this.#link) return;
      if (event.type === 'dead') this.#die(event.reason);
      else this.#emit(event);
    });
    return link.start();
  }

  #learn(request: tl.RpcMethod, result: unknown): void {
    if (isAuthorization(result)) this.#authorised = true;
    for (const listener of this.#resultListeners) listener(request, result);
  }

  /** Several calls may be sent away at once; they move together. */
  async #moveTo(dc: number): Promise<void> {
    if (this.#link.dc === dc) return;
    this.#moving ??= this.#replaceLink(dc);
    try {
      await this.#moving;
    } finally {
      this.#moving = undefined;
    }
  }

  async #replaceLink(dc: number): Promise<void> {
    const { authKey: _, ...options } = this.#options;
    const former = this.#link;
    this.#link = this.#newLink({ ...options, dc });
    this.#authorised = false;
    if (this.#paused) this.#link.pause();
    await Promise.all([former.close(), this.#media.close()]);
  }

  #die(reason: DeathReason): void {
    if (this.#death !== undefined) return;
    this.#death = reason;
    void this.close();
    this.#emit({ type: 'dead', reason });
  }

  #refuseDead(): void {
    if (this.#death !== undefined) throw new GatewayError('SESSION_DEAD', this.#death);
  }

  #emit(event: LinkEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }
}

function isAuthorization(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('_' in result)) return false;
  return result._ === 'auth.authorization' || result._ === 'auth.loginTokenSuccess';
}
