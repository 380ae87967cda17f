/** What the rest of Understudy sees of the embedded store. */

import type { GatewayError } from '../domain/errors.js';
import type { StoreUsage } from './usage.js';

export interface EmbeddedStoreOptions {
  /** The data directory: holds `lock`, `store/` and, if its path is short enough, the socket. Made 0700. */
  readonly directory: string;
  /**
   * Cap on the stored bytes. Above it new documents and indexes answer code 14031 (STORE_FULL), also by an upsert; a change that lets
   * a document grow may take 2 per cent more. Default 16 GiB.
   */
  readonly mapBytes?: number;
  /**
   * Called when the stored bytes reach 80 and 95 per cent of the cap, at the opening for what is reached already; once each, and
   * again after the store was clearly below.
   */
  readonly onUsage?: (usage: StoreUsage) => void;
  /** Called once if the store ends by itself after it was opened: nothing is read or written any more, and only `close` is left. */
  readonly onDeath?: (error: GatewayError) => void;
  /** Aborting gives the start up: what was opened is closed again and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedStore {
  /** `mongodb://…` of the unix socket, for the official driver (direct connection). */
  readonly url: string;
  /** Also listens on TCP; loopback only, because there is no authentication. Port 0 picks a free one. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Answers what is under way, for some seconds at most, closes sockets and files and gives the directory's lock back. May be called twice. */
  close(): Promise<void>;
}
