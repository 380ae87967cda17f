/** What people see, as it appears before their eyes, held against what was written. */

import { tokenIn, type Line } from './script.js';

export interface Count {
  readonly lost: number;
  readonly repeated: number;
  readonly outOfOrder: number;
  readonly wrongTopic: number;
}

/** One stream that must be seen in the order of writing: a dialog's topic, or the operator's words in a client's chat. */
interface Stream {
  readonly written: Map<string, number>;
  readonly seen: Set<string>;
  latest: number;
}

export class Record {
  readonly #streams = new Map<string, Stream>();
  readonly #missing = new Set<string>();
  readonly #writtenAt = new Map<string, number>();
  readonly #seenAt = new Map<string, number>();
  readonly #cards = new Set<string>();
  #repeated = 0;
  #outOfOrder = 0;
  #wrongTopic = 0;
  readonly #appearedAt: number[] = [];
  /** Sentences about failures that operators were shown. */
  readonly notices: string[] = [];
  /** What went wrong, one line each. */
  readonly faults: string[] = [];

  wrote({ token, dialog, voice }: Line): void {
    const { written } = this.#stream(dialog, voice === 'operator' ? 'chat' : 'topic');
    written.set(token, written.size);
    this.#missing.add(token);
    this.#writtenAt.set(token, Date.now());
  }

  /** A post of the desk bot in a topic. */
  seenInTopic(topic: string, text: string): void {
    this.#appearedAt.push(Date.now());
    const found = tokenIn(text);
    if (found === undefined) {
      this.#seenWithoutToken(topic, text);
      return;
    }
    if (found.dialog !== topic) {
      this.#wrongTopic += 1;
      this.faults.push(`${found.token} in the topic of ${topic}`);
    }
    this.#seen(this.#stream(found.dialog, 'topic'), found.token);
  }

  /** A message in a client's chat, of the bot or account that is not the primary's. */
  seenInChat(client: string, text: string): void {
    this.#appearedAt.push(Date.now());
    const found = tokenIn(text);
    if (found === undefined) return;
    if (found.dialog !== client) {
      this.#wrongTopic += 1;
      this.faults.push(`${found.token} in the chat of ${client}`);
    }
    this.#seen(this.#stream(found.dialog, 'chat'), found.token);
  }

  /** A second topic for a dialog whose topic nobody deleted. */
  surplusTopic(title: string): void {
    this.#wrongTopic += 1;
    this.faults.push(`a second topic for ${title}`);
  }

  missing(): ReadonlySet<string> {
    return this.#missing;
  }

  /** When the latest of these was seen, in Unix ms; undefined while one is missing. */
  completeAt(tokens: Iterable<string>): number | undefined {
    let latest = 0;
    for (const token of tokens) {
      const at = this.#seenAt.get(token);
      if (at === undefined) return undefined;
      latest = Math.max(latest, at);
    }
    return latest;
  }

  /** The longest time from writing to appearing, in ms. */
  longestWaitMs(): number {
    return Math.max(0, ...[...this.#seenAt].map(([token, at]) => at - (this.#writtenAt.get(token) ?? at)));
  }

  /** Unix ms of the last thing that appeared. */
  get changedAt(): number {
    return this.#appearedAt.at(-1) ?? 0;
  }

  /** Unix ms of the first thing that appeared at or after this moment. */
  firstSince(moment: number): number | undefined {
    return this.#appearedAt.find((at) => at >= moment);
  }

  count(): Count {
    return {
      lost: this.#missing.size,
      repeated: this.#repeated,
      outOfOrder: this.#outOfOrder,
      wrongTopic: this.#wrongTopic,
    };
  }

  #seenWithoutToken(topic: string, text: string): void {
    if (!text.startsWith('👤')) {
      this.notices.push(`${topic}: ${text}`);
      return;
    }
    if (this.#cards.has(topic)) {
      this.#repeated += 1;
      this.faults.push(`the card of ${topic} twice`);
    }
    this.#cards.add(topic);
  }

  #seen(stream: Stream, token: string): void {
    const place = stream.written.get(token);
    if (place === undefined || stream.seen.has(token)) {
      this.#repeated += 1;
      this.faults.push(`${token} ${place === undefined ? 'was never written' : 'again'}`);
      return;
    }
    stream.seen.add(token);
    this.#missing.delete(token);
    this.#seenAt.set(token, Date.now());
    if (place < stream.latest) {
      this.#outOfOrder += 1;
      this.faults.push(`${token} too late`);
    }
    stream.latest = Math.max(stream.latest, place);
  }

  #stream(dialog: string, where: 'topic' | 'chat'): Stream {
    const key = `${dialog}-${where}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream: Stream = { written: new Map(), seen: new Set(), latest: -1 };
    this.#streams.set(key, stream);
    return stream;
  }
}
