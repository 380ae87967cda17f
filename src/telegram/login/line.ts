/** The one link of a login: replaced when a scanned token belongs to another data centre, closed when the login ends. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import type { Link } from '../link/link.js';
import { isRpcError } from '../rpc/errors.js';

/** What a login uses of a `Client`, which follows the moves of an account to its data centre by itself. */
export type LoginLink = Pick<Link, 'call' | 'onUpdate' | 'close' | 'dc' | 'authKey'>;

export interface LoginDeps {
  /** TELEGRAM_API_ID and TELEGRAM_API_HASH. */
  readonly api: { readonly id: number; readonly hash: string };
  /** Opens a link with a new key to a data centre; without one to where logins start. */
  readonly openClient: (target: { readonly dc?: number }) => LoginLink | Promise<LoginLink>;
  /** SRP proof of a password; throws when the settings cannot be used. */
  readonly passwordCheck: (
    settings: tl.account.RawPassword,
    password: string,
  ) => tl.TypeInputCheckPasswordSRP | Promise<tl.TypeInputCheckPasswordSRP>;
  readonly clock: Clock;
}

/** A call's result, or the refusal that another input can mend. */
export type Attempt<T> = { readonly result: T } | { readonly refused: string };

/** One is enough in Telegram's protocol; more would be a circle. */
const maxMoves = 3;

export class LoginLine {
  readonly deps: LoginDeps;
  /** Aborted by `close`: waiting steps end. */
  readonly signal: AbortSignal;
  readonly #closing = new AbortController();
  #link: LoginLink | undefined;
  #moves = 0;
  /** Told of every `updateLoginToken`. */
  onLoginToken: () => void = () => undefined;

  constructor(deps: LoginDeps) {
    this.deps = deps;
    this.signal = this.#closing.signal;
  }

  /** The key that was logged in, copied out of the link, and its data centre. */
  identity(): { authKey: Uint8Array; dc: number } {
    if (this.#link === undefined) throw new GatewayError('INTERNAL', 'login without a link');
    return { authKey: Uint8Array.from(this.#link.authKey), dc: this.#link.dc };
  }

  /** Calls Telegram; the first call opens the link. PHONE_, USER_ and NETWORK_MIGRATE are the client's (rpc/middlewares). */
  async call<T extends tl.RpcMethod>(request: T): Promise<tl.RpcCallReturn[T['_']]> {
    this.#failWhenClosed();
    return (this.#link ?? (await this.#open({}))).call(request);
  }

  /** Like `call`, but the refusals named here are an answer. */
  async attempt<T extends tl.RpcMethod>(
    request: T,
    mendable: readonly string[],
  ): Promise<Attempt<tl.RpcCallReturn[T['_']]>> {
    try {
      return { result: await this.call(request) };
    } catch (error) {
      const refused = mendable.find((type) => isRpcError(error, type));
      if (refused === undefined) throw error;
      return { refused };
    }
  }

  /** Leaves the present link for a new one, with a new key, at another data centre. */
  async moveTo(dc: number): Promise<void> {
    this.#moves += 1;
    if (this.#moves > maxMoves) throw new GatewayError('TELEGRAM_REFUSED', 'it sends the login in circles');
    await this.#link?.close();
    this.#link = undefined;
    await this.#open({ dc });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link?.close();
  }

  async #open(target: { readonly dc?: number }): Promise<LoginLink> {
    this.#failWhenClosed();
    const link = await this.deps.openClient(target);
    link.onUpdate((updates) => {
      if (saysLoginToken(updates)) this.onLoginToken();
    });
    this.#link = link;
    if (this.signal.aborted) await link.close();
    this.#failWhenClosed();
    return link;
  }

  #failWhenClosed(): void {
    if (this.signal.aborted) throw new GatewayError('LOGIN_CANCELLED');
  }
}

function saysLoginToken(updates: tl.TypeUpdates): boolean {
  switch (updates._) {
    case 'updateShort':
      return updates.update._ === 'updateLoginToken';
    case 'updates':
    case 'updatesCombined':
      return updates.updates.some((update) => update._ === 'updateLoginToken');
    default:
      return false;
  }
}
