import type { Clock } from './api.js';
import { isAhead } from './message-ids.js';

/** Ids kept per session; older ones can't be told from new any more. */
const KEPT = 4000;

/** What became of one message of the client. */
export interface Received {
  readonly content: boolean;
  acknowledged: boolean;
  call?: 'running' | 'answered';
}

/** The client's messages of one session: duplicates, sequence and truthful states. */
export class ReceivedIds {
  private readonly clock: Clock;
  private readonly seen = new Map<bigint, Received>();
  /** Ids at or below it were forgotten. */
  private floor = 0n;
  private newest: { readonly id: bigint; readonly seq: number } | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get(id: bigint): Received | undefined {
    return this.seen.get(id);
  }

  /** 20 too old to know, 32 sequence too low, 33 too high, 34 even expected, 35 odd expected; undefined: fine. */
  fault(id: bigint, seq: number, content: boolean | undefined): number | undefined {
    if (id <= this.floor) return 20;
    if (content === true && seq % 2 === 0) return 35;
    if (content === false && seq % 2 === 1) return 34;
    if (seq % 2 === 0 || this.newest === undefined) return undefined;
    if (id > this.newest.id && seq <= this.newest.seq) return 32;
    return id < this.newest.id && seq >= this.newest.seq ? 33 : undefined;
  }

  add(id: bigint, seq: number): Received {
    const content = seq % 2 === 1;
    const received: Received = { content, acknowledged: false };
    this.seen.set(id, received);
    if (content && (this.newest === undefined || id > this.newest.id)) this.newest = { id, seq };
    if (this.seen.size > KEPT) {
      const [oldest = 0n] = this.seen.keys();
      this.seen.delete(oldest);
      if (oldest > this.floor) this.floor = oldest;
    }
    return received;
  }

  /** As if it had never come (a lost request). */
  forget(id: bigint): void {
    this.seen.delete(id);
  }

  /** One byte of msgs_state_info (https://core.telegram.org/mtproto/service_messages_about_messages). */
  state(id: bigint): number {
    const found = this.seen.get(id);
    if (found === undefined) {
      if (id <= this.floor) return 1;
      return isAhead(id, this.clock.now()) ? 3 : 2;
    }
    const call = found.call === undefined ? 0 : found.call === 'running' ? 32 : 64;
    return 4 + (found.acknowledged ? 8 : 0) + (found.content ? 0 : 16) + call;
  }
}
