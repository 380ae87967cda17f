/** The relay over Redis's publish and subscribe, which keeps nothing: a message that finds nobody is gone, and that is told. */

import { randomUUID } from 'node:crypto';
import { GatewayError } from '../domain/errors.js';
import type { AskOptions, Relay } from '../ports/relay.js';
import type { Clock, Log } from '../ports/runtime.js';
import { PendingAnswer } from './pending-answer.js';
import { openRedisLink, type RedisLink } from './redis-link.js';
import { readFrame, writeFrame } from './relay-frame.js';

export interface RedisRelayOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Beginning of every channel, another for each installation: channels know no database numbers of Redis. */
  readonly prefix: string;
}

type Answer = (question: Uint8Array) => Promise<Uint8Array>;

/** How often a process that works on an answer says so. */
const workingEveryMs = 2_000;

/** Throws as `openRedisQueue`. */
export async function openRedisRelay(options: RedisRelayOptions): Promise<Relay> {
  // Published again, a question that was answered might find nobody any more, and count as never asked.
  const relay = new RedisRelay(await openRedisLink(options.url, options.log, { send: 'once' }), options);
  await relay.open();
  return relay;
}

class RedisRelay implements Relay {
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #prefix: string;
  readonly #self = randomUUID();
  readonly #served = new Map<string, Answer>();
  readonly #pending = new Map<string, PendingAnswer>();

  constructor(link: RedisLink, { clock, log, prefix }: RedisRelayOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#prefix = `${prefix}:relay:`;
  }

  async open(): Promise<void> {
    this.#link.work.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.#receive(channel.toString('latin1'), message),
    );
    await this.#link.work.subscribe(this.#channel(this.#self));
    this.#link.work.on('ready', () => this.#subscribe(this.#channel(this.#self), ...this.#served.keys()));
  }

  serve(name: string, answer: Answer): () => void {
    const channel = this.#channel(name);
    this.#served.set(channel, answer);
    this.#subscribe(channel);
    return () => {
      if (this.#served.get(channel) !== answer) return;
      this.#served.delete(channel);
      this.#link.work.unsubscribe(channel).catch(() => undefined);
    };
  }

  async ask(name: string, question: Uint8Array, options: AskOptions): Promise<Uint8Array> {
    const id = randomUUID();
    const pending = new PendingAnswer(this.#clock, options);
    this.#pending.set(id, pending);
    try {
      const frame = writeFrame({ kind: 'question', id, asker: this.#self, body: question });
      if ((await this.#publish(name, frame)) === 0)
        throw new GatewayError('TELEGRAM_UNREACHABLE', `no process runs the session ${name}`);
      return await pending.answered;
    } finally {
      pending.over();
      this.#pending.delete(id);
    }
  }

  async close(): Promise<void> {
    for (const pending of this.#pending.values()) pending.lost('the relay is closed');
    this.#link.disconnect();
  }

  /** Waits for Redis where it is away; a close ends the waiting. */
  #subscribe(...channels: string[]): void {
    this.#link.work
      .subscribe(...channels)
      .catch((error: unknown) => this.#log.warn('relay-not-served', {}, error));
  }

  #channel(name: string): string {
    return this.#prefix + name;
  }

  /** How many processes got it. A Redis that fails may have passed it on all the same. */
  async #publish(name: string, frame: Buffer): Promise<number> {
    try {
      return await this.#link.calls.publish(this.#channel(name), frame);
    } catch {
      throw new GatewayError('ANSWER_LOST', `Redis at ${this.#link.address} failed on the way`);
    }
  }

  #receive(channel: string, message: Buffer): void {
    const frame = readFrame(message);
    if (frame === undefined) return;
    if (frame.kind === 'working') this.#pending.get(frame.id)?.heard();
    else if (frame.kind === 'answer') this.#pending.get(frame.id)?.is(frame.body);
    else void this.#answer(this.#served.get(channel), frame);
  }

  async #answer(
    answer: Answer | undefined,
    { id, asker, body }: { id: string; asker: string; body: Uint8Array },
  ): Promise<void> {
    if (answer === undefined) return;
    const stopTelling = this.#tellWorking(id, asker);
    try {
      await this.#publish(asker, writeFrame({ kind: 'answer', id, body: await answer(body) }));
    } catch (error) {
      this.#log.warn('relay-not-answered', {}, error);
    } finally {
      stopTelling();
    }
  }

  #tellWorking(id: string, asker: string): () => void {
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = this.#clock.setTimer(workingEveryMs, () => {
        this.#publish(asker, writeFrame({ kind: 'working', id })).catch(() => undefined);
        arm();
      });
    };
    arm();
    return () => cancel();
  }
}
