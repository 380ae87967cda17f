/** What the fleet promises, and what it stands on. */

import type { Desk, Owner } from '../../domain/connection.js';
import type { OwnerId } from '../../domain/ids.js';
import type { KeyRing } from '../../ports/runtime.js';
import type { Store } from '../../ports/store.js';
import type { LoginDeps } from '../login/login.js';
import type { Client } from '../rpc/client.js';
import type { Session, SessionDeps } from '../session/session.js';
import type { SessionState } from '../session/state.js';
import type { Share } from './share.js';
import type { VoyageDeps } from './voyage.js';

export interface FleetDeps extends Omit<SessionDeps, 'openClient' | 'peers'> {
  /** Without a key a new one is agreed on, without a DC where logins start. */
  readonly openClient: (target: {
    readonly dc?: number;
    readonly authKey?: Uint8Array;
  }) => Client | Promise<Client>;
  readonly store: Pick<Store, 'connections' | 'sessions' | 'leases' | 'peers'>;
  readonly keyring: KeyRing;
  /** This process; no two living ones have the same name. */
  readonly holder: string;
  readonly login: Pick<LoginDeps, 'api' | 'passwordCheck'>;
  /** Default: all sessions are this process's. */
  readonly share?: Share;
  readonly serve?: VoyageDeps['serve'];
  /** Sessions that may be connecting at the same time; default 8. */
  readonly openAtOnce?: number;
  readonly onState?: (owner: OwnerId, state: SessionState) => void;
}

export interface Fleet {
  /**
   * Wants this session to run here: takes its lease as soon as it is free and opens it; returns at once. Connections are found
   * without it within 2 s; a desk is started by `ensureDesk`.
   */
  start(owner: Owner): void;
  /** Closes the session and gives its lease back; a connection stays stopped, in every process, until `start`. */
  stop(owner: OwnerId, reason?: string): Promise<void>;
  /** Closes the session and opens it anew. */
  restart(owner: OwnerId): Promise<void>;
  /** The session while it runs here. */
  sessionOf(owner: OwnerId): Session | undefined;
  /** Whether this process has the session's lease, be it open or waiting for a login. */
  holds(owner: OwnerId): boolean;
  /** Undefined when the fleet has never heard of the owner. */
  state(owner: OwnerId): SessionState | undefined;
  /**
   * The running desk session of this token. Without a stored key it logs in once and stores the key sealed; the token stays in
   * memory, so that a desk whose session dies comes back by itself. Waits for another process that is about to log in, until the
   * signal is aborted. Throws BOT_TOKEN_INVALID, FLOOD_WAIT, TELEGRAM_UNREACHABLE, KEY_WRONG.
   */
  ensureDesk(token: string, signal?: AbortSignal): Promise<Desk>;
  /**
   * Removes the connection's row, ends the session at Telegram (auth.logOut) and erases its key, wherever it runs: another
   * process that holds it does so within 2 s. Throws TELEGRAM_UNREACHABLE; the key is kept then, and it may be repeated.
   */
  logout(owner: OwnerId): Promise<void>;
  /**
   * Takes its share; looks for new and removed connections now and every 1.5 s from here on. Rejects when the store can not be read, and
   * with the signal's reason when that is aborted meanwhile.
   */
  open(signal?: AbortSignal): Promise<void>;
  /** Closes every session, then gives the leases back; other processes take them. */
  close(): Promise<void>;
}
