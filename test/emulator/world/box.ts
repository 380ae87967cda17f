import type { WorldEvent } from './events.js';
import type { Message } from './model.js';

/** An event that has a place in a box's sequence. */
export type Sequenced = Extract<WorldEvent, { pts: number }>;

type Without<E, Key extends string> = E extends unknown ? Omit<E, Key> : never;

/** A sequenced event before it has its place. */
export type Unplaced = Without<Sequenced, 'pts'>;

/**
 * A message id space with its pts sequence and its log: the common box of an account (all private chats) or the box
 * of one channel. The log keeps every event in order; a difference reads it from any pts.
 */
export class Box {
  readonly owner: { kind: 'user'; id: number } | { kind: 'channel'; id: number };
  pts = 1;
  /** When the last event came, in seconds. */
  changedAt = 0;
  readonly messages = new Map<number, Message>();
  readonly log: Sequenced[] = [];
  #lastId = 0;

  constructor(owner: Box['owner']) {
    this.owner = owner;
  }

  /** The id that the last message got. */
  get lastId(): number {
    return this.#lastId;
  }

  takeId(): number {
    return ++this.#lastId;
  }

  /** General of a forum owns id 1 although no message stands there. */
  reserve(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  add(message: Message): void {
    this.messages.set(message.id, message);
    message.body.copies.set(this, message.id);
  }

  remove(message: Message): void {
    this.messages.delete(message.id);
    message.body.copies.delete(this);
  }

  /** Gives the event the next place in the sequence and writes it down; `now` in seconds. */
  append(event: Unplaced, now: number): Sequenced {
    this.changedAt = now;
    this.pts += event.count;
    const placed: Sequenced = { ...event, pts: this.pts };
    this.log.push(placed);
    return placed;
  }

  /** Events after `pts`, oldest first. */
  since(pts: number): Sequenced[] {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.log[middle]?.pts ?? 0) > pts) high = middle;
      else low = middle + 1;
    }
    return this.log.slice(low);
  }
}
