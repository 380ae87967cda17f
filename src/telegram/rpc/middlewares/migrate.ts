import type { tl } from '@mtcute/tl';
import type { Caller } from '../../link/link.js';
import { migration } from '../errors.js';
import type { Middleware } from './middleware.js';

/** Telegram never needs more than two moves; more would be a circle. */
const MAX_MOVES = 3;

/** Where a request can go instead. */
export interface Moves {
  /** Puts the whole session on another DC, with a new key. */
  moveTo(dc: number): Promise<void>;
  mediaLink(dc: number): Promise<Caller>;
}

/** PHONE_, NETWORK_ and USER_MIGRATE move the session and ask again; FILE_ and STATS_MIGRATE move this one call. */
export function migrate(moves: Moves): Middleware {
  return async (request, context, next) => {
    for (let moved = 0; ; moved++) {
      try {
        return await next(request, context);
      } catch (thrown) {
        const target = migration(thrown);
        if (target === undefined || moved === MAX_MOVES) throw thrown;
        if (target.scope === 'call') return callOver(await moves.mediaLink(target.dc), request);
        await moves.moveTo(target.dc);
      }
    }
  };
}

async function callOver(caller: Caller, request: tl.RpcMethod): Promise<unknown> {
  const result: unknown = await caller.call(request);
  return result;
}
