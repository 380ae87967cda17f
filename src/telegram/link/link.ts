/** One authorisation on one DC as the layers above see it: calls, updates, events. Which network core is below stays in this folder. */

import type { tl } from '@mtcute/tl';
import type { Clock, Log } from '../../ports/runtime.js';
import type { DcDirectory } from './dc-directory.js';
import type { TelegramServer } from './server.js';

export interface CallOptions {
  /** How long the answer may take, waiting for a connection included; default 60 000. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** Anything that carries calls; the middlewares and the media transfer need no more than this. */
export interface Caller {
  /**
   * Sends one method and answers its result. While there is no connection it waits; a lost connection repeats the same
   * bytes on the next one, so what must happen once carries a random id.
   * Throws GatewayError: what Telegram answered (cause: RpcCallError, see rpc/errors.ts), TELEGRAM_UNREACHABLE or SESSION_DEAD
   * (never sent), ANSWER_LOST (sent, its effect is unknown).
   */
  call<T extends tl.RpcMethod>(method: T, options?: CallOptions): Promise<tl.RpcCallReturn[T['_']]>;
}

/** A connection that heals itself for ever, until `close` or death. */
export interface Link extends Caller {
  /** Called in receive order, within the turn that received them. */
  onUpdate(listener: (updates: tl.TypeUpdates) => void): void;
  onEvent(listener: (event: LinkEvent) => void): void;
  /** Stops reading the socket: updates wait at Telegram, answers too. Keep-alive goes on. */
  pause(): void;
  resume(): void;
  /** Closes the socket and refuses what is outstanding (ANSWER_LOST, or TELEGRAM_UNREACHABLE if it never left). */
  close(): Promise<void>;
  readonly dc: number;
  /** 256 bytes, secret. Empty until the first handshake is done. */
  readonly authKey: Uint8Array;
}

/** Why a session can never be used again; a new login is needed. */
export type DeathReason =
  | 'AUTH_KEY_DUPLICATED'
  | 'AUTH_KEY_UNREGISTERED'
  | 'AUTH_KEY_INVALID'
  | 'SESSION_REVOKED'
  | 'SESSION_EXPIRED'
  | 'USER_DEACTIVATED'
  | 'USER_DEACTIVATED_BAN';

export type LinkEvent =
  /** First connection is up and initialised. */
  | { readonly type: 'connected' }
  /** Up again after `disconnected`: updates may have been lost, ask for the difference. */
  | { readonly type: 'reconnected' }
  /** The server has made a new session on a living connection: updates may have been lost, ask for the difference. */
  | { readonly type: 'newSession' }
  /** Something could not be read and was skipped: ask for the difference. */
  | { readonly type: 'undecodable'; readonly reason: string }
  | { readonly type: 'disconnected'; readonly reason: string }
  /** Telegram has asked for this pause before the next dial. */
  | { readonly type: 'resting'; readonly ms: number }
  /** The last event of a link. */
  | { readonly type: 'dead'; readonly reason: DeathReason };

/** What initConnection tells Telegram. */
export interface Identity {
  readonly apiId: number;
  readonly apiHash?: string;
  readonly deviceModel: string;
  readonly systemVersion?: string;
  readonly appVersion: string;
  /** ISO 639-1; default `en`. */
  readonly langCode?: string;
}

export interface LinkOptions {
  readonly server: TelegramServer;
  /** The DC to talk to; on a custom server without `authKey` the server says which one it is. */
  readonly dc: number;
  /** Without it a new key is agreed on. */
  readonly authKey?: Uint8Array;
  readonly identity: Identity;
  readonly log: Log;
  readonly clock: Clock;
  /** A new key was made; whoever wants the session to survive a restart stores it. */
  readonly onAuthKey?: (authKey: Uint8Array, dc: number) => void;
  /** Addresses learnt from help.getConfig; share one per server. */
  readonly directory?: DcDirectory;
  /** `files`: prefers media addresses and takes no updates. Default `main`. */
  readonly purpose?: 'main' | 'files';
}
