import { GatewayError } from '../../../domain/errors.js';
import type { Clock } from '../../../ports/runtime.js';
import type { CallOptions, Caller } from '../../link/link.js';
import { patienceFor } from '../request-class.js';
import type { CallContext, Next } from './middleware.js';
import type { tl } from '@mtcute/tl';

/** When the caller gives up: what it asked for, else what its kind of request deserves. */
export function contextFor(request: tl.RpcMethod, options: CallOptions, clock: Clock): CallContext {
  const { deadlineMs = patienceFor(request).deadlineMs, signal } = options;
  return { deadlineAtMs: clock.now() + deadlineMs, ...(signal === undefined ? {} : { signal }) };
}

/** The end of the list: one attempt over the link, within what is left of the deadline. */
export function attempt(caller: () => Caller, clock: Clock): Next {
  return (request, { deadlineAtMs, signal }) => {
    const leftMs = deadlineAtMs - clock.now();
    if (leftMs <= 0) throw new GatewayError('TELEGRAM_UNREACHABLE', `${request._} in time`);
    const deadlineMs = Math.min(leftMs, patienceFor(request).attemptMs);
    return caller().call(request, { deadlineMs, ...(signal === undefined ? {} : { signal }) });
  };
}
