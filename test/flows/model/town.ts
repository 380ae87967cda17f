/** Telegram's side of the flows: what stands where, remembered random ids, and the limits of every (session, chat). */
import type { Content } from '../../../src/domain/content.js';
import { GatewayError } from '../../../src/domain/errors.js';
import { isDesk, type OwnerId, type Peer } from '../../../src/domain/ids.js';
import type { SendOrder } from '../../../src/ports/telegram.js';
import { rpcFailure } from '../../../src/telegram/rpc/errors.js';

export interface Posted {
  readonly id: number;
  readonly owner: OwnerId;
  readonly peer: Peer;
  readonly topic: number | undefined;
  readonly text: string;
  readonly atMs: number;
  /** Messages of one album share the number of their call. */
  readonly call: number;
}

/** Posts and new topics in any minute; each item of an album is one. */
export interface Limit {
  readonly perMinute: number;
}

const minuteMs = 60_000;

export class Town {
  readonly posts: Posted[] = [];
  readonly topics = new Map<number, { group: Peer; title: string }>();
  readonly known = new Map<string, { owner: OwnerId; peer: Peer; msgId: number }>();
  limit: Limit | undefined;
  readonly #now: () => number;
  readonly #spent = new Map<string, number[]>();
  #calls = 0;
  #lastId = 1000;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws as Telegram refuses: FLOOD_WAIT, or ALREADY_SENT. */
  send({ owner, peer, topic, parts }: SendOrder): number[] {
    if (parts.some(({ randomId }) => this.known.has(randomId))) throw new GatewayError('ALREADY_SENT');
    this.#spend(owner, peer, parts.length);
    this.#calls += 1;
    return parts.map(({ content, randomId }) => {
      const id = this.#next(owner, peer, randomId);
      const text = content.text.text;
      this.posts.push({ id, owner, peer, topic, text, atMs: this.#now(), call: this.#calls });
      return id;
    });
  }

  createTopic({
    owner,
    group,
    title,
    randomId,
  }: {
    owner: OwnerId;
    group: Peer;
    title: string;
    randomId: string;
  }): number {
    if (this.known.has(randomId)) throw new GatewayError('ALREADY_SENT');
    this.#spend(owner, group, 1);
    const id = this.#next(owner, group, randomId);
    this.topics.set(id, { group, title });
    return id;
  }

  nextId(): number {
    return (this.#lastId += 1);
  }

  /** What people read in a group's topics or a client's chat, without our own sentences. */
  read(desk: boolean): Posted[] {
    return this.posts.filter(({ owner, text }) => isDesk(owner) === desk && !/^(👤|⚠️|✅)/u.test(text));
  }

  #next(owner: OwnerId, peer: Peer, randomId: string): number {
    const msgId = this.nextId();
    this.known.set(randomId, { owner, peer, msgId });
    return msgId;
  }

  #spend(owner: OwnerId, peer: Peer, count: number): void {
    if (this.limit === undefined) return;
    const key = `${owner} ${peer}`;
    const now = this.#now();
    const recent = (this.#spent.get(key) ?? []).filter((at) => at > now - minuteMs);
    const tooMany = recent.length + count - this.limit.perMinute;
    if (tooMany > 0) {
      const freeAt = (recent[tooMany - 1] ?? now) + minuteMs;
      const seconds = Math.max(1, Math.ceil((freeAt - now) / 1000));
      throw rpcFailure(420, `FLOOD_WAIT_${seconds}`, 'messages.sendMessage');
    }
    this.#spent.set(key, [...recent, ...Array.from({ length: count }, () => now)]);
  }
}

export function photo(text: string): Content {
  return { text: { text, entities: [] }, media: { kind: 'photo', bytes: 10, file: 'f' } };
}
