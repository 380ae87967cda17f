import { randomInt } from 'node:crypto';
import type { Clock } from '../../world/clock.js';
import type { WorldEvent } from '../../world/model.js';
import { conflict } from '../errors.js';
import type { Json } from '../../http/json.js';
import type { Eyes } from '../render/eyes.js';
import { updateOf, type UpdateKind } from '../render/update.js';

export interface Update extends Json {
  update_id: number;
}

/** Telegram keeps updates for a day; here the latest ones are kept. */
const KEPT = 100_000;
const ASLEEP_KEPT = 10_000;

/** Sent unless the bot asks otherwise (core.telegram.org/bots/api#getupdates, allowed_updates). */
const ON_REQUEST: ReadonlySet<UpdateKind> = new Set(['chat_member', 'message_reaction']);

/** The updates of one bot that its program has not confirmed, and the poll that waits for more. */
export class Inbox {
  readonly #eyes: Eyes;
  readonly #clock: Clock;
  readonly #waiters = new Set<() => void>();
  /** Events of a bot whose program has never called: rendered at its first call, so that idle bots cost nothing. */
  #asleep: WorldEvent[] | undefined = [];
  #updates: Update[] = [];
  #allowed: ReadonlySet<string> | undefined;
  #nextId = randomInt(100_000_000, 900_000_000);
  #poll: { end: () => void } | undefined;

  constructor(eyes: Eyes, clock: Clock) {
    this.#eyes = eyes;
    this.#clock = clock;
  }

  /** The program is there: from now on events are rendered as they come. */
  wake(): void {
    const events = this.#asleep ?? [];
    this.#asleep = undefined;
    for (const event of events) this.#add(event);
  }

  take(event: WorldEvent): void {
    if (!this.#asleep) {
      this.#add(event);
      return;
    }
    this.#asleep.push(event);
    if (this.#asleep.length > ASLEEP_KEPT) this.#asleep.splice(0, ASLEEP_KEPT / 2);
  }

  /** Kinds that are kept from now on; an empty list means the usual ones. */
  allow(kinds: readonly string[]): void {
    this.#allowed = kinds.length > 0 ? new Set(kinds) : undefined;
  }

  get allowed(): string[] | undefined {
    return this.#allowed && [...this.#allowed];
  }

  get pending(): number {
    return this.#updates.length;
  }

  get polling(): boolean {
    return this.#poll !== undefined;
  }

  /** Oldest first, nothing confirmed. */
  peek(limit: number): Update[] {
    return this.#updates.slice(0, limit);
  }

  /** Confirms everything below `offset`; a negative one keeps that many from the end. */
  confirm(offset: number): void {
    this.#updates =
      offset < 0 ? this.#updates.slice(offset) : this.#updates.filter((one) => one.update_id >= offset);
  }

  clear(): void {
    this.#updates = [];
  }

  /** Waits for updates at most `timeoutMs`. A second poll throws 409 out of the first, as at Telegram. */
  async poll(limit: number, timeoutMs: number): Promise<Update[]> {
    this.endPoll();
    if (this.#updates.length > 0 || timeoutMs <= 0) return this.peek(limit);
    await new Promise<void>((resolve, reject) => {
      const settle = (act: () => void): void => {
        stopTimer();
        this.#waiters.delete(arrived);
        this.#poll = undefined;
        act();
      };
      const arrived = (): void => settle(resolve);
      const stopTimer = this.#clock.after(timeoutMs, arrived);
      this.#waiters.add(arrived);
      this.#poll = {
        end: () =>
          settle(() =>
            reject(
              conflict(
                'terminated by other getUpdates request; make sure that only one bot instance is running',
              ),
            ),
          ),
      };
    });
    return this.peek(limit);
  }

  /** Throws 409 out of the poll that waits, if one does. */
  endPoll(): void {
    this.#poll?.end();
  }

  /** Calls back once, when something arrives. */
  onArrival(act: () => void): () => void {
    const once = (): void => {
      this.#waiters.delete(once);
      act();
    };
    this.#waiters.add(once);
    return () => this.#waiters.delete(once);
  }

  #add(event: WorldEvent): void {
    const rendered = updateOf(this.#eyes, event);
    if (!rendered) return;
    const { kind, value } = rendered;
    if (this.#allowed ? !this.#allowed.has(kind) : ON_REQUEST.has(kind)) return;
    this.#updates.push({ update_id: this.#nextId++, [kind]: value });
    if (this.#updates.length > KEPT) this.#updates.splice(0, KEPT / 2);
    for (const waiter of [...this.#waiters]) waiter();
  }
}
