import type { Unplaced } from './box.js';
import type { WorldEvent } from './events.js';
import type { Account, Channel, QtsEntry } from './model.js';
import { present } from './rights.js';
import { sees } from './visibility.js';
import type { WorldState } from './state.js';

type Qts = Extract<WorldEvent, { qts: number }>;
type WithoutQts = Qts extends infer E ? (E extends unknown ? Omit<E, 'qts'> : never) : never;

/** One operation while it runs: who acts, and what each account is going to hear of it. */
export class Turn {
  readonly world: WorldState;
  readonly self: Account;
  readonly #origin: object | undefined;
  readonly #told = new Map<number, WorldEvent[]>();

  constructor(world: WorldState, self: Account, origin?: object) {
    this.world = world;
    this.self = self;
    this.#origin = origin;
  }

  /** An event outside every sequence. */
  tell(accountId: number, event: WorldEvent): void {
    const events = this.#told.get(accountId) ?? [];
    events.push(event);
    this.#told.set(accountId, events);
  }

  inBox(account: Account, event: Unplaced): void {
    this.tell(account.id, account.box.append(event, this.world.now()));
  }

  /** Into the channel's sequence, and to every member who may see it. */
  inChannel(channel: Channel, event: Unplaced): void {
    const placed = channel.box.append(event, this.world.now());
    for (const account of this.members(channel)) {
      const seen = sees(account, channel, placed);
      if (seen) this.tell(account.id, seen);
    }
  }

  onQts(account: Account, event: WithoutQts): void {
    account.qts += 1;
    const entry: QtsEntry = { qts: account.qts, event: { ...event, qts: account.qts } };
    account.qtsLog.push(entry);
    this.tell(account.id, entry.event);
  }

  *members(channel: Channel): Generator<Account> {
    for (const { userId } of channel.members.values()) {
      const account = present(channel, userId) && this.world.accounts.get(userId);
      if (account) yield account;
    }
  }

  /** Tells everybody; returns the actor's own part. */
  finish(): WorldEvent[] {
    const origin = this.#origin;
    this.world.emit(
      [...this.#told].map(([accountId, events]) => ({ accountId, events, ...(origin ? { origin } : {}) })),
    );
    return this.#told.get(this.self.id) ?? [];
  }
}
