/** Calls of the engine and the watch: their answers are theirs and must not be handed to the engine as news. */

import type { tl } from '@mtcute/tl';
import type { Caller } from '../link/link.js';

export interface OwnCaller {
  readonly caller: Caller;
  /** Whether this request was one of its calls. */
  readonly made: (request: tl.RpcMethod) => boolean;
}

/** A caller that remembers what it has called. */
export function ownCaller(client: Caller): OwnCaller {
  const requests = new WeakSet<tl.RpcMethod>();
  return {
    caller: {
      call(method, options) {
        requests.add(method);
        return client.call(method, options);
      },
    },
    made: (request) => requests.has(request),
  };
}
