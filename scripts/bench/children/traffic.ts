/** Clients write, posts appear: what was sent when, and how long it took. */

import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../../../test/emulator/world/world.js';
import { cpuUs } from '../process/serve.js';

export interface Dialog {
  readonly client: number;
  readonly bot: number;
}

export interface Drive {
  /** Messages a second, over all dialogs in turn. */
  readonly rate: number;
  readonly ms: number;
  /** How long to wait for the rest afterwards. */
  readonly tailMs: number;
}

export interface Driven {
  readonly sent: number;
  /** Milliseconds from the client's send to the post, in the order of sending; what never arrived is missing. */
  readonly latenciesMs: readonly number[];
  /** Messages without a post when the sending ended. */
  readonly backlog: number;
  readonly lost: number;
  /** How far this process fell behind its own timetable at worst: it was the limit then. */
  readonly slipMs: number;
  /** CPU of this process per message. */
  readonly cpuUsPerMessage: number;
}

const stepMs = 2;

export class Traffic {
  readonly #world: World;
  readonly #groupId: number;
  readonly #dialogs: readonly Dialog[];
  /** Sent and not posted yet: text to its number and time. */
  readonly #open = new Map<string, { at: number; sentAt: number }>();
  #latencies: (number | undefined)[] = [];
  #count = 0;
  #onPost: () => void = () => undefined;
  #lastPostAt = 0;

  constructor(world: World, groupId: number, dialogs: readonly Dialog[]) {
    this.#world = world;
    this.#groupId = groupId;
    this.#dialogs = dialogs;
    world.listen(({ events }) => {
      for (const event of events)
        if (event.kind === 'message' && event.message.box.owner.kind === 'channel') {
          if (event.message.box.owner.id === this.#groupId) this.#posted(event.message.body.text);
        }
    });
  }

  async once(withinMs: number): Promise<{ posted: number; ms: number }> {
    this.#reset();
    const start = performance.now();
    for (const dialog of this.#dialogs) this.#send(dialog);
    await this.#emptied(withinMs);
    return { posted: this.#dialogs.length - this.#open.size, ms: performance.now() - start };
  }

  async drive({ rate, ms, tailMs }: Drive): Promise<Driven> {
    this.#reset();
    const cpu = cpuUs();
    const start = performance.now();
    const total = Math.floor((rate * ms) / 1000);
    let slipMs = 0;
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - start) * rate) / 1000));
      for (; sent < due; sent++) {
        slipMs = Math.max(slipMs, performance.now() - start - (sent * 1000) / rate);
        this.#send(this.#next());
      }
      await pause(stepMs);
    }
    const backlog = this.#open.size;
    await this.#emptied(tailMs);
    return {
      sent: total,
      latenciesMs: this.#latencies.filter((latency) => latency !== undefined),
      backlog,
      lost: this.#open.size,
      slipMs,
      cpuUsPerMessage: (cpuUs() - cpu) / Math.max(1, total),
    };
  }

  async flood({ inFlight, ms }: { inFlight: number; ms: number }): Promise<number> {
    this.#reset();
    let posts = 0;
    let running = true;
    this.#onPost = () => {
      posts += 1;
      // A turn later: a listener must not act on the world in the middle of another's act.
      if (running)
        setImmediate(() => {
          this.#send(this.#next());
        });
    };
    for (let at = 0; at < inFlight; at++) this.#send(this.#next());
    // The first third is the way in: nothing can be posted yet.
    await pause(ms / 3);
    posts = 0;
    const start = performance.now();
    await pause((ms * 2) / 3);
    running = false;
    const perSecond = (posts * 1000) / (performance.now() - start);
    this.#onPost = () => undefined;
    await this.#emptied(ms);
    return perSecond;
  }

  async firstPost({ everyMs, withinMs }: { everyMs: number; withinMs: number }): Promise<number> {
    this.#reset();
    const end = performance.now() + withinMs;
    let seenAt: number | undefined;
    this.#onPost = () => (seenAt ??= Date.now());
    while (seenAt === undefined && performance.now() < end) {
      this.#send(this.#next());
      await pause(everyMs);
    }
    this.#onPost = () => undefined;
    if (seenAt === undefined) throw new Error(`no post within ${withinMs} ms`);
    return seenAt;
  }

  /** Resolves when nothing was posted for so long. */
  async quiet(forMs: number): Promise<void> {
    while (performance.now() - this.#lastPostAt < forMs) await pause(forMs / 4);
  }

  #reset(): void {
    this.#open.clear();
    this.#latencies = [];
  }

  #next(): Dialog {
    const dialog = this.#dialogs[this.#count % this.#dialogs.length];
    if (dialog === undefined) throw new Error('no dialogs');
    return dialog;
  }

  #send({ client, bot }: Dialog): void {
    const text = `message number ${this.#count++}, as long as people write`;
    this.#open.set(text, { at: this.#latencies.push(undefined) - 1, sentAt: performance.now() });
    this.#world.actAs(client).send({ kind: 'user', id: bot }, { text });
  }

  #posted(text: string): void {
    this.#lastPostAt = performance.now();
    const message = this.#open.get(text);
    // Told once per member of the group; a post of an earlier measure is nobody's.
    if (message === undefined) return;
    this.#open.delete(text);
    this.#latencies[message.at] = performance.now() - message.sentAt;
    this.#onPost();
  }

  async #emptied(withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    while (this.#open.size > 0 && performance.now() < end) await pause(stepMs);
  }
}
