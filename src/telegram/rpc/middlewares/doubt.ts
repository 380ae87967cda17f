import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../../domain/errors.js';
import { isTransient, rpcErrorOf } from '../errors.js';
import { classOf } from '../request-class.js';
import type { CallContext, Middleware } from './middleware.js';

/** Two ends of one memory; all repetitions of a call stand between them. */
export interface Doubt {
  readonly outermost: Middleware;
  readonly innermost: Middleware;
}

/**
 * A send that has left and got no answer may have been executed, whatever its repetition met: a closed link, a flood wait, a refusal,
 * the end of the session. Its caller hears of the lost answer then. Only that Telegram has it already ends the doubt.
 */
export function doubt(): Doubt {
  const doubts = new WeakMap<CallContext, unknown>();
  return {
    async outermost(request, context, next) {
      try {
        return await next(request, context);
      } catch (thrown) {
        const isDone = thrown instanceof GatewayError && thrown.code === 'ALREADY_SENT';
        throw isDone ? thrown : (doubts.get(context) ?? thrown);
      }
    },
    async innermost(request, context, next) {
      try {
        return await next(request, context);
      } catch (thrown) {
        const lost = lostIn(request, thrown);
        if (lost !== undefined && !doubts.has(context)) doubts.set(context, lost);
        throw thrown;
      }
    },
  };
}

/** The lost answer that this end of an attempt leaves behind: its own, or that of the link, which repeats by itself. */
function lostIn(request: tl.RpcMethod, thrown: unknown): unknown {
  if (classOf(request) !== 'send') return undefined;
  if (isTransient(thrown)) return thrown;
  return rpcErrorOf(thrown)?.repeated === true ? new GatewayError('ANSWER_LOST', request._) : undefined;
}
