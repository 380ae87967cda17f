import { floodSeconds, isTransient, rpcErrorOf } from '../errors.js';
import { classOf } from '../request-class.js';
import type { CallContext, Middleware } from './middleware.js';

/** Two ends of one memory; all repetitions of a call stand between them. */
export interface Doubt {
  readonly outermost: Middleware;
  readonly innermost: Middleware;
}

/**
 * A send whose first attempt got no answer may have been executed, whatever the next attempt met: a link that was closed meanwhile, a
 * flood wait. Its caller hears of the lost answer then, not of the attempt that never left. Other refusals of Telegram's stand.
 */
export function doubt(): Doubt {
  const doubts = new WeakMap<CallContext, unknown>();
  return {
    async outermost(request, context, next) {
      try {
        return await next(request, context);
      } catch (thrown) {
        const isOpen = rpcErrorOf(thrown) === undefined || floodSeconds(thrown) !== undefined;
        throw isOpen && classOf(request) === 'send' ? (doubts.get(context) ?? thrown) : thrown;
      }
    },
    async innermost(request, context, next) {
      try {
        return await next(request, context);
      } catch (thrown) {
        if (isTransient(thrown) && !doubts.has(context)) doubts.set(context, thrown);
        throw thrown;
      }
    },
  };
}
