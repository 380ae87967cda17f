/**
 * A group that Telegram has told to wait: nobody asks before that time is over, also after a restart, and then the oldest message is
 * next, so that a topic which writes without end starves no other.
 */

import type { Delivery } from '../domain/delivery.js';
import { rowId, type Peer } from '../domain/ids.js';
import type { JobAnswer, Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';

/** Lanes of one group that send at a time while others wait for their turn. */
const atOnce = 4;

/** A lane that was called and did not come within this time has lost its turn; the sweep finds it again. */
const comesWithinMs = 10_000;

/** Two sweeps: a lane whose wait is longer leaves the queue, and is back in it before the wait is over. */
const inQueueMs = 11_000;

export interface FloodGate {
  /** Asked before a head is claimed: undefined when it may be sent, and `leave` is owed; else what its job answers. */
  enter(head: Delivery): Promise<JobAnswer | undefined>;
  /** The lane's head was tried, or cannot be sent now. */
  leave(lane: string): void;
  /** Telegram asks for a pause in the group of this row; unix ms. */
  close(row: Delivery, untilMs: number): void;
}

interface Waiter {
  readonly lane: string;
  /** Unix ms; of its head. */
  since: number;
  /** Unix ms; undefined before its turn. */
  calledAt: number | undefined;
}

interface Group {
  untilMs: number;
  readonly waiting: Map<string, Waiter>;
}

interface Deps {
  readonly store: { readonly deliveries: Pick<Store['deliveries'], 'floodedUntil'> };
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createFloodGate(deps: Deps): FloodGate {
  return new Gate(deps);
}

/** Holds one entry per group and per waiting lane, never a message. */
class Gate implements FloodGate {
  readonly #deps: Deps;
  readonly #groups = new Map<Peer, Group>();
  /** Where a waiting lane waits. */
  readonly #places = new Map<string, Group>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async enter(head: Delivery): Promise<JobAnswer | undefined> {
    if (!countsInGroup(head)) return undefined;
    const group = await this.#known(head.group);
    const now = this.#deps.clock.now();
    const leftMs = group.untilMs - now;
    if (leftMs <= 0 && group.waiting.size === 0) return undefined;
    const waiter = this.#wait(group, head);
    if (leftMs > 0) return leftMs > inQueueMs ? 'done' : { again: leftMs };
    if (waiter.calledAt === undefined && !isNext(group, waiter)) {
      this.#callNext(group, now);
      return 'done';
    }
    waiter.calledAt = now;
    return undefined;
  }

  leave(lane: string): void {
    const group = this.#places.get(lane);
    const now = this.#deps.clock.now();
    // While the group waits every lane keeps its place.
    if (group === undefined || group.untilMs > now) return;
    this.#forget(group, lane);
    this.#callNext(group, now);
  }

  close(row: Delivery, untilMs: number): void {
    const group = this.#groups.get(row.group);
    if (group === undefined || !countsInGroup(row)) return;
    group.untilMs = Math.max(group.untilMs, untilMs);
    this.#wait(group, row);
    for (const waiter of group.waiting.values()) waiter.calledAt = undefined;
  }

  /** What an earlier process was told stands with the rows that wait for it. */
  async #known(peer: Peer): Promise<Group> {
    const found = this.#groups.get(peer);
    if (found !== undefined) return found;
    const untilMs = await this.#deps.store.deliveries.floodedUntil(peer, this.#deps.clock.now());
    const group = this.#groups.get(peer) ?? { untilMs, waiting: new Map<string, Waiter>() };
    this.#groups.set(peer, group);
    return group;
  }

  #wait(group: Group, { lane, createdAt }: Delivery): Waiter {
    const waiter = group.waiting.get(lane) ?? { lane, since: createdAt, calledAt: undefined };
    waiter.since = createdAt;
    group.waiting.set(lane, waiter);
    this.#places.set(lane, group);
    return waiter;
  }

  #forget(group: Group, lane: string): void {
    group.waiting.delete(lane);
    this.#places.delete(lane);
  }

  #callNext(group: Group, now: number): void {
    for (const { lane, calledAt } of group.waiting.values())
      if (calledAt !== undefined && calledAt < now - comesWithinMs) this.#forget(group, lane);
    const all = [...group.waiting.values()];
    const free = atOnce - all.filter(({ calledAt }) => calledAt !== undefined).length;
    const next = all.filter(({ calledAt }) => calledAt === undefined).sort((a, b) => a.since - b.since);
    for (const waiter of next.slice(0, Math.max(0, free))) {
      waiter.calledAt = now;
      this.#call(waiter.lane);
    }
  }

  /** A call that is lost costs the lane its turn, not its place in time: the sweep brings it back. */
  #call(lane: string): void {
    const { queue, log } = this.#deps;
    queue.add({ kind: 'deliver', id: rowId(lane, 'turn'), data: { lane } }).catch((error: unknown) => {
      log.warn('turn-not-called', {}, error);
    });
  }
}

/** Posts and new topics share the group's limit. An answer waits with its own row, and a mark takes no post's place. */
function countsInGroup({ kind }: Delivery): boolean {
  return kind !== 'answer' && kind !== 'mark';
}

function isNext(group: Group, { since }: Waiter): boolean {
  let before = 0;
  for (const other of group.waiting.values()) {
    if (other.since < since || other.calledAt !== undefined) before += 1;
    if (before >= atOnce) return false;
  }
  return true;
}
