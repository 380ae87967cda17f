/** What stands between a caller and the link: each middleware sees a request, may change what happens, and calls the next one. */

import type { tl } from '@mtcute/tl';

export interface CallContext {
  /** Unix ms by which the caller wants an answer. */
  readonly deadlineAtMs: number;
  readonly signal?: AbortSignal;
}

export type Next = (request: tl.RpcMethod, context: CallContext) => Promise<unknown>;

export type Middleware = (request: tl.RpcMethod, context: CallContext, next: Next) => Promise<unknown>;

/** The first of the list is the outermost. */
export function compose(middlewares: readonly Middleware[], last: Next): Next {
  return middlewares.reduceRight<Next>(
    (next, middleware) => (request, context) => middleware(request, context, next),
    last,
  );
}
