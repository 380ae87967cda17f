/** The one link of a login: it moves to another data centre when Telegram says so, and is closed when the login ends. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import { refusalOf } from '../session/refusal.js';

/** A fresh link with a new auth key; nobody is logged in on it yet. */
export interface LoginLink {
  call<T extends tl.RpcMethod>(request: T): Promise<tl.RpcCallReturn[T['_']]>;
  /** The key made by the handshake, 256 bytes. */
  authKey(): Uint8Array;
  /** The data centre that answers. */
  readonly dc: number;
  close(): Promise<void>;
}

export interface LoginDeps {
  /** TELEGRAM_API_ID and TELEGRAM_API_HASH. */
  readonly api: { readonly id: number; readonly hash: string };
  /** Opens a link to a data centre; without one to the first. Rejects with TELEGRAM_UNREACHABLE. */
  open(dc: number | undefined, onUpdates: (updates: tl.TypeUpdates) => void): Promise<LoginLink>;
  /** SRP answer for a password; throws when the settings cannot be used. */
  passwordCheck(settings: tl.account.RawPassword, password: string): Promise<tl.TypeInputCheckPasswordSRP>;
  readonly clock: Clock;
}

/** A call's result, or the name of one of the refusals that the caller can mend. */
export type Attempt<T> = { readonly result: T } | { readonly refused: string };

const maxMoves = 5;

export class LoginLine {
  readonly api: LoginDeps['api'];
  readonly clock: Clock;
  readonly passwordCheck: LoginDeps['passwordCheck'];
  /** Aborted by `close`: waiting steps end. */
  readonly signal: AbortSignal;
  readonly #open: LoginDeps['open'];
  readonly #closing = new AbortController();
  #link: LoginLink | undefined;
  #moves = 0;
  /** Told of every `updateLoginToken`. */
  onLoginToken: () => void = () => undefined;

  constructor(deps: LoginDeps) {
    this.api = deps.api;
    this.clock = deps.clock;
    this.passwordCheck = deps.passwordCheck;
    this.#open = deps.open;
    this.signal = this.#closing.signal;
  }

  /** The link's key and data centre; throws before the first call. */
  identity(): { authKey: Uint8Array; dc: number } {
    if (this.#link === undefined) throw new GatewayError('INTERNAL', 'login without a link');
    return { authKey: Uint8Array.from(this.#link.authKey()), dc: this.#link.dc };
  }

  /** Calls Telegram; follows PHONE_, USER_ and NETWORK_MIGRATE to the other data centre and asks there again. */
  async call<T extends tl.RpcMethod>(request: T): Promise<tl.RpcCallReturn[T['_']]> {
    this.#failWhenClosed();
    const link = this.#link ?? (await this.moveTo(undefined));
    try {
      return await link.call(request);
    } catch (error) {
      const dc = /^(?:PHONE|USER|NETWORK)_MIGRATE_(\d+)$/.exec(refusalOf(error)?.text ?? '')?.[1];
      if (dc === undefined) throw error;
      await this.moveTo(Number(dc));
      return await this.call(request);
    }
  }

  /** Like `call`, but the refusals named here are an answer. */
  async attempt<T extends tl.RpcMethod>(
    request: T,
    mendable: readonly string[],
  ): Promise<Attempt<tl.RpcCallReturn[T['_']]>> {
    try {
      return { result: await this.call(request) };
    } catch (error) {
      const text = refusalOf(error)?.text;
      if (text === undefined || !mendable.includes(text)) throw error;
      return { refused: text };
    }
  }

  /** Leaves the present link for a new one, with a new key, at another data centre. */
  async moveTo(dc: number | undefined): Promise<LoginLink> {
    this.#moves += 1;
    if (this.#moves > maxMoves) throw new GatewayError('TELEGRAM_REFUSED', 'it sends the login in circles');
    await this.#link?.close();
    this.#link = undefined;
    this.#failWhenClosed();
    const link = await this.#open(dc, (updates) => {
      if (saysLoginToken(updates)) this.onLoginToken();
    });
    this.#link = link;
    if (this.signal.aborted) await link.close();
    this.#failWhenClosed();
    return link;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link?.close();
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
