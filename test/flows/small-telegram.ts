/** Telegram as the Sender port promises it: random ids are remembered, and lost ids come back as `sent` events after a resync. */

import { GatewayError } from '../../src/domain/errors.js';
import { boxOf, isDesk, type OwnerId, type Peer } from '../../src/domain/ids.js';
import type { TelegramEvent } from '../../src/domain/event.js';
import type { Sender, SendOrder } from '../../src/ports/telegram.js';

export interface Seen {
  readonly id: number;
  readonly text: string;
  readonly peer: Peer;
  readonly topic?: number;
  readonly replyTo?: number;
}

export class SmallTelegram implements Sender {
  /** What stands in the group, in order, and what the client got. */
  readonly group: Seen[] = [];
  readonly client: Seen[] = [];
  readonly topics: { id: number; title: string }[] = [];
  readonly reactions: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #journal: (owner: OwnerId, events: TelegramEvent[]) => Promise<void>;
  #next: number;

  /** `first` is the id of the first message: worlds that share a store must not share ids. */
  constructor(journal: (owner: OwnerId, events: TelegramEvent[]) => Promise<void>, first: number) {
    this.#journal = journal;
    this.#next = first;
  }

  async send(order: SendOrder): Promise<number[]> {
    if (order.parts.some(({ randomId }) => this.#known.has(randomId))) throw new GatewayError('ALREADY_SENT');
    if (order.parts.some(({ randomId }) => !/^[1-9]\d*$/.test(randomId)))
      throw new Error('a send without a random id');
    return order.parts.map(({ content, randomId }) => {
      const id = this.#take(randomId);
      const { peer, topic, replyTo } = order;
      const seen = {
        id,
        text: content.text.text,
        peer,
        ...(topic === undefined ? {} : { topic }),
        ...(replyTo === undefined ? {} : { replyTo }),
      };
      (isDesk(order.owner) ? this.group : this.client).push(seen);
      return id;
    });
  }

  async createTopic(order: { title: string; randomId: string }): Promise<number> {
    if (this.#known.has(order.randomId)) throw new GatewayError('ALREADY_SENT');
    const id = this.#take(order.randomId);
    this.topics.push({ id, title: order.title });
    return id;
  }

  async react({ msgId }: { msgId: number }): Promise<void> {
    this.reactions.push(msgId);
  }

  async hasTopic({ topic }: { topic: number }): Promise<boolean> {
    return this.topics.some(({ id }) => id === topic);
  }

  async misplaced(posts: { topic: number; msgIds: readonly number[] }): Promise<number[]> {
    return this.group
      .filter(({ id, topic }) => posts.msgIds.includes(id) && topic !== posts.topic)
      .map(({ id }) => id);
  }

  async reopenTopic(): Promise<void> {
    // Nobody closes a topic here.
  }

  async erase({ msgIds }: { msgIds: readonly number[] }): Promise<void> {
    for (const msgId of msgIds)
      this.group.splice(
        this.group.findIndex(({ id }) => id === msgId),
        1,
      );
  }

  /** Set by whoever lives: the engine wakes the router when something was journaled. */
  onJournaled: (owner: OwnerId) => void = () => undefined;

  async resync(owner: OwnerId): Promise<void> {
    const box = boxOf('channel:2000000001' as Parameters<typeof boxOf>[0]);
    for (const [randomId, msgId] of this.#known)
      await this.#journal(owner, [{ kind: 'sent', owner, box, randomId, msgId }]);
    this.onJournaled(owner);
  }

  #take(randomId: string): number {
    const id = this.#next++;
    this.#known.set(randomId, id);
    return id;
  }
}
