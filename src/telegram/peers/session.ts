/** What these rooms need of a running session; the fleet's sessions have it. */

import { GatewayError } from '../../domain/errors.js';
import { isDesk, type OwnerId } from '../../domain/ids.js';
import type { Caller } from '../link/link.js';

export interface CallingSession extends Caller {
  readonly owner: OwnerId;
  readonly kind: 'bot' | 'account';
  /** The connection that only moves files, at this DC or at home; opened once and shared (rpc/client.ts). */
  mediaLink(dc?: number): Promise<Caller>;
  /** Asks Telegram for the difference now. */
  resync(): Promise<void>;
}

/** The session of an owner while it runs in this process. */
export type SessionOf = (owner: OwnerId) => CallingSession | undefined;

/** The session, or TELEGRAM_UNREACHABLE while it does not run here. */
export function liveSession(sessionOf: SessionOf, owner: OwnerId): CallingSession {
  const session = sessionOf(owner);
  if (session !== undefined) return session;
  const which = isDesk(owner) ? 'desk' : 'connection';
  throw new GatewayError('TELEGRAM_UNREACHABLE', `the ${which} ${owner} is not running here`);
}
