import type { tl } from '@mtcute/tl';
import type { Clock } from '../../../ports/runtime.js';
import { floodAgain, floodSeconds } from '../errors.js';
import type { CallContext, Middleware } from './middleware.js';

/** More pairs than that are never blocked at once; the memory is cleaned then. */
const CLEAN_ABOVE = 1_000;

/**
 * FLOOD_WAIT, SLOWMODE_WAIT and the like. Up to `limitSeconds` they are waited out exactly, longer ones are thrown, as is
 * what would outlast the deadline. Each wait is remembered for its method and peer: the next call to the same pair waits (or is
 * refused) without asking Telegram, and nothing else is held.
 */
export function floodWait(clock: Clock, limitSeconds: number): Middleware {
  const blocked = new Map<string, Block>();
  return async (request, context, next) => {
    const pair = pairOf(request);
    for (;;) {
      await passBlock(() => blocked.get(pair), request, context, clock, limitSeconds);
      try {
        return await next(request, context);
      } catch (thrown) {
        const seconds = floodSeconds(thrown);
        if (seconds === undefined) throw thrown;
        if (blocked.size > CLEAN_ABOVE) forgetPast(blocked, clock.now());
        const untilMs = Math.max(clock.now() + seconds * 1000, blocked.get(pair)?.untilMs ?? 0);
        blocked.set(pair, { untilMs, thrown });
        if (!isWorthWaiting(seconds * 1000, context, clock, limitSeconds)) throw thrown;
      }
    }
  };
}

interface Block {
  readonly untilMs: number;
  readonly thrown: unknown;
}

async function passBlock(
  blockNow: () => Block | undefined,
  request: tl.RpcMethod,
  context: CallContext,
  clock: Clock,
  limitSeconds: number,
): Promise<void> {
  // Asked again after each wait: another call to the same pair may have been told a longer one meanwhile.
  for (let block = blockNow(); block !== undefined && block.untilMs > clock.now(); block = blockNow()) {
    const leftMs = block.untilMs - clock.now();
    const again = floodAgain(block.thrown, Math.ceil(leftMs / 1000), request._);
    if (!isWorthWaiting(leftMs, context, clock, limitSeconds)) throw again;
    await clock.sleep(leftMs, context.signal);
    if (context.signal?.aborted === true) throw again;
  }
}

function isWorthWaiting(waitMs: number, context: CallContext, clock: Clock, limitSeconds: number): boolean {
  return waitMs <= limitSeconds * 1000 && clock.now() + waitMs < context.deadlineAtMs;
}

function pairOf(request: tl.RpcMethod): string {
  return `${request._} ${peerIn(request)}`;
}

/** The peer that a request is about, by the field names that the schema uses for it. */
function peerIn(request: tl.RpcMethod): string {
  const fields = request as unknown as Readonly<Record<string, unknown>>;
  const peer = fields['toPeer'] ?? fields['peer'] ?? fields['channel'] ?? fields['userId'];
  if (typeof peer !== 'object' || peer === null) return '';
  const { userId, chatId, channelId } = peer as { userId?: number; chatId?: number; channelId?: number };
  return `${userId ?? ''}/${chatId ?? ''}/${channelId ?? ''}`;
}

function forgetPast(blocked: Map<string, Block>, now: number): void {
  for (const [pair, { untilMs }] of blocked) if (untilMs <= now) blocked.delete(pair);
}
