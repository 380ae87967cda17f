/** One authorisation with everything a caller expects: waits, retries, moves between DCs, links for files. */

import type { tl } from '@mtcute/tl';
import type { Caller, Link, LinkOptions } from '../link/link.js';

/** A Link whose calls pass the middlewares (rpc/middlewares). */
export interface Client extends Link {
  /** Every answered call of ours, in the turn before the caller gets it: the engine learns the pts of own results. */
  onResult(listener: (request: tl.RpcMethod, result: unknown) => void): void;
  /**
   * One more connection for files on that DC (default: the home DC, same key; elsewhere by exported authorisation).
   * Opened once per DC, closed with the client. Use it for `upload.*` only: it takes no updates.
   */
  mediaLink(dc?: number): Promise<Caller>;
}

export interface ClientOptions extends LinkOptions {
  /** FLOOD_WAIT up to this many seconds is waited out exactly, above it is thrown; default 10. */
  readonly floodWaitLimitSeconds?: number;
}
