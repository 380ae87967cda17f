/** What these rooms need of a running session; the fleet's sessions have it. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';

/** One request at Telegram. Rejects with a GatewayError or with Telegram's own error (`rpc-error.ts`). */
export type Call = <T extends tl.RpcMethod>(request: T) => Promise<tl.RpcCallReturn[T['_']]>;

export interface CallingSession {
  readonly owner: OwnerId;
  readonly kind: 'bot' | 'account';
  readonly call: Call;
  /**
   * Calls on the link that only moves files: at the given DC, else at home. Kept open and shared by the session, so
   * asking again is cheap.
   */
  mediaCall(dc?: number): Promise<Call>;
  /** Asks Telegram for the difference now. */
  resync(): Promise<void>;
}

/** The session of an owner while it runs in this process. */
export type SessionOf = (owner: OwnerId) => CallingSession | undefined;

/** The session, or TELEGRAM_UNREACHABLE while it does not run here. */
export function liveSession(sessionOf: SessionOf, owner: OwnerId): CallingSession {
  const session = sessionOf(owner);
  if (session === undefined) {
    throw new GatewayError('TELEGRAM_UNREACHABLE', `the session ${owner} is not running here`);
  }
  return session;
}
