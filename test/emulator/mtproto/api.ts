import type { Tl, TlValue } from '../types.js';

/**
 * The client behind one request: an authorisation (auth key) and the session it speaks in.
 * `userId`, `scratch` and `createdAt` belong to the authorisation and are shared by all its sessions.
 */
export interface Caller {
  /** Auth key id, 16 hex digits. */
  readonly authKeyId: string;
  /** Session id, 16 hex digits. */
  readonly sessionId: string;
  /** The layer of the last invokeWithLayer of this session. */
  readonly layer: number;
  /** The DC whose port the client dialled. */
  readonly dc: number;
  /** The account that this authorisation is logged in to. */
  readonly userId: bigint | undefined;
  /** What initConnection said last (api_id, device_model, …), if it was called. */
  readonly device: Tl | undefined;
  /** Remote address of the connection. */
  readonly address: string;
  /** Room for multi-step flows (sent code, SRP secret, login token); lives as long as the authorisation. */
  readonly scratch: Map<string, unknown>;
  bind(userId: bigint): void;
  unbind(): void;
}

/** A TL object, a Bool, an int or long, or the array of a vector: the method's schema line says which. */
export type Answer = TlValue;

/** Answers one method; throws RpcError for an error. The request is plain data, flags by presence. */
export type Handler = (caller: Caller, request: Tl) => Answer | Promise<Answer>;

/** Handlers by schema name, such as `messages.sendMessage`. */
export type Handlers = Readonly<Record<string, Handler>>;

/** One line of the log of calls; wrappers (invokeWithLayer, …) are already taken off. */
export interface Call {
  readonly caller: Caller;
  readonly name: string;
  readonly request: Tl;
}

/** Milliseconds and timers; tests and the clock-jump fault bring their own. */
export interface Clock {
  now(): number;
  /** Runs `act` after `ms`; returns its cancellation. */
  after(ms: number, act: () => void): () => void;
}

/** One authorisation as the services see it (`account.getAuthorizations`). */
export interface Authorisation {
  readonly authKeyId: string;
  readonly userId: bigint | undefined;
  readonly dc: number;
  readonly device: Tl | undefined;
  readonly address: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly activeAt: number;
  /** Open connections right now. */
  readonly connections: number;
}

export interface ServerOptions {
  readonly handlers: Handlers;
  /** RSA private key, PEM; default: the fixed key of the tests. */
  readonly privateKey?: string;
  /** DC numbers, one listening port each; default [2]. */
  readonly dcs?: readonly number[];
  /** Port of the first DC, the others follow it; 0 (default) lets the system choose each. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
  /** Answers leave in containers, collected per turn of the event loop; default true. */
  readonly containers?: boolean;
  readonly onCall?: (call: Call) => void;
  /** What could not be read or answered, in plain words, without contents. */
  readonly onProblem?: (problem: string) => void;
}

/** Where the server listens; `ports` by DC number. */
export interface Listening {
  readonly host: string;
  readonly ports: Readonly<Record<number, number>>;
}
