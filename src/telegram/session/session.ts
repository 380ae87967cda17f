/** One owner's session while it runs here. */

import type { tl } from '@mtcute/tl';

import type { OwnerId } from '../../domain/ids.js';
import type { SessionState } from './state.js';

export interface Session {
  readonly owner: OwnerId;
  /** Its own user id, decimal. */
  readonly userId: string;
  readonly kind: 'bot' | 'account';
  state(): SessionState;
  /** Throws GatewayError or the client's RpcCallError; updates in results pass through the engine. */
  call<T extends tl.RpcMethod>(request: T): Promise<tl.RpcCallReturn[T['_']]>;
  /** Asks Telegram for the difference now. */
  resync(): Promise<void>;
  /** Stops the engine and closes every socket; resolved when no byte leaves any more. */
  close(): Promise<void>;
}
