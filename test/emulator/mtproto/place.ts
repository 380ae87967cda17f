import type { Core } from './core.js';
import type { AuthKey } from './keys.js';
import type { Line, Session } from './session.js';

/** One message of the client. */
export interface Incoming {
  readonly id: bigint;
  readonly seq: number;
  readonly body: Buffer;
}

/** A connection as the layers above the transport use it. */
export interface Channel extends Line {
  readonly dc: number;
  readonly address: string;
  /** The key of the last sealed packet. */
  key: AuthKey | undefined;
  /** A transport error, then the end. */
  fail(code: number): void;
  close(): void;
  /** Closes after `ms`, unless asked again before. */
  closeAfter(ms: number): void;
  /** What faults may match. */
  matter(): { readonly user: bigint | undefined; readonly dc: number };
}

/** Where a message arrived. */
export interface Place {
  readonly core: Core;
  readonly channel: Channel;
  readonly session: Session;
  readonly message: Incoming;
}
