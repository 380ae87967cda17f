import type { Box, Message, Sequenced, Unplaced } from './model.js';

export type { Box, Sequenced, Unplaced } from './model.js';

export class MessageBox implements Box {
  readonly owner: { kind: 'user'; id: number } | { kind: 'channel'; id: number };
  pts = 1;
  changedAt = 0;
  readonly messages = new Map<number, Message>();
  readonly log: Sequenced[] = [];
  #lastId = 0;

  constructor(owner: Box['owner']) {
    this.owner = owner;
  }

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

  append(event: Unplaced, now: number): Sequenced {
    this.changedAt = now;
    this.pts += event.count;
    const placed: Sequenced = { ...event, pts: this.pts };
    this.log.push(placed);
    return placed;
  }

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
