import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../../domain/errors.js';
import type { Clock } from '../../../ports/runtime.js';
import type { CallOptions, Caller } from '../../link/link.js';
import { rpcErrorOf } from '../errors.js';
import { patienceFor } from '../request-class.js';
import type { CallContext, Next } from './middleware.js';

/** When the caller gives up: what it asked for, else what its kind of request deserves. */
export function contextFor(request: tl.RpcMethod, options: CallOptions, clock: Clock): CallContext {
  const { deadlineMs = patienceFor(request).deadlineMs, signal } = options;
  return { deadlineAtMs: clock.now() + deadlineMs, ...(signal === undefined ? {} : { signal }) };
}

/**
 * The end of the list: one attempt over the link, within what is left of the deadline. A call that could not leave, because
 * there is no connection, waits on: an attempt counts from the moment that it may have been executed.
 */
export function attempt(caller: () => Caller, clock: Clock): Next {
  return async (request, { deadlineAtMs, signal }) => {
    const { attemptMs } = patienceFor(request);
    for (;;) {
      const leftMs = deadlineAtMs - clock.now();
      if (leftMs <= 0)
        throw new GatewayError('TELEGRAM_UNREACHABLE', `no connection in time for ${request._}`);
      const deadlineMs = Math.min(leftMs, attemptMs);
      try {
        const result: unknown = await caller().call(request, {
          deadlineMs,
          ...(signal === undefined ? {} : { signal }),
        });
        return result;
      } catch (thrown) {
        const timedOut = leftMs - (deadlineAtMs - clock.now()) >= attemptMs;
        if (!timedOut || !neverLeft(thrown) || signal?.aborted === true) throw thrown;
      }
    }
  };
}

function neverLeft(thrown: unknown): boolean {
  return (
    thrown instanceof GatewayError &&
    thrown.code === 'TELEGRAM_UNREACHABLE' &&
    rpcErrorOf(thrown) === undefined
  );
}
