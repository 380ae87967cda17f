import type { tl } from '@mtcute/tl';
import type { Middleware } from './middleware.js';

/** Shows every result before its caller gets it: the pts of own sends, reads and deletions come only here. */
export function ownResults(tell: (request: tl.RpcMethod, result: unknown) => void): Middleware {
  return async (request, context, next) => {
    const result = await next(request, context);
    tell(request, result);
    return result;
  };
}
