import type { Clock } from './api.js';

/** A server message id answers a client's message (mod 4 = 1) or stands alone (3). */
export type IdKind = 'answer' | 'notice';

/** Seconds that a client's id may be old or ahead (https://core.telegram.org/mtproto/description#message-identifier-msg-id). */
const OLD = 300;
const AHEAD = 30;
/** A second, as ids count it. */
const SECOND = 1n << 32n;

/** Growing ids near the clock: one row for a whole server, or a connection and a session could give the same id. */
export class MessageIds {
  private readonly clock: Clock;
  private last = 0n;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  next(kind: IdKind): bigint {
    const now = atTime(this.clock.now());
    const base = now - (now % 4n);
    // A clock that was put back takes the ids with it: clients set theirs by them.
    const isBack = this.last - base > SECOND;
    this.last = base > this.last || isBack ? base : this.last + 4n;
    return this.last + (kind === 'answer' ? 1n : 3n);
  }
}

function atTime(ms: number): bigint {
  return (BigInt(Math.floor(ms)) << 32n) / 1000n;
}

/** The error code for a client's id: 16 too low, 17 too high, 18 not divisible by four; undefined: fine. */
export function idFault(id: bigint, now: number): 16 | 17 | 18 | undefined {
  if (id % 4n !== 0n) return 18;
  if (id < atTime(now - OLD * 1000)) return 16;
  return isAhead(id, now) ? 17 : undefined;
}

export function isAhead(id: bigint, now: number): boolean {
  return id > atTime(now + AHEAD * 1000);
}
