/** The fleet: all sessions that this process holds. Each one stands on a lease of its own, so no other process holds it too. */

import type { Desk, Owner } from '../../domain/connection.js';
import type { OwnerId } from '../../domain/ids.js';
import type { SessionState } from '../session/state.js';
import type { Session } from '../session/session.js';

export interface Fleet {
  /**
   * Wants this session to run here: takes its lease as soon as it is free and opens it; returns at once. Connections are found
   * without it within 2 s; a desk is started by `ensureDesk`.
   */
  start(owner: Owner): void;
  /** Closes the session and gives its lease back; it stays stopped until `start`. */
  stop(owner: OwnerId, reason?: string): Promise<void>;
  /** Closes and opens the session anew: after a new login, or when somebody asks for it. */
  restart(owner: OwnerId): Promise<void>;
  /** The session while it runs here. */
  sessionOf(owner: OwnerId): Session | undefined;
  /** Undefined when the fleet has never heard of the owner. */
  state(owner: OwnerId): SessionState | undefined;
  /**
   * The desk session of this token. Without a stored key it logs in once and stores the key sealed; the token is kept nowhere.
   * Throws BOT_TOKEN_INVALID, TELEGRAM_UNREACHABLE, KEY_WRONG.
   */
  ensureDesk(token: string): Promise<Desk>;
  /** Ends the session at Telegram (auth.logOut), stops it and erases its key. Without a running session only the latter. */
  logout(owner: OwnerId): Promise<void>;
  /** Closes every session, then gives the leases back. */
  close(): Promise<void>;
}
