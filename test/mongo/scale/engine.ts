/** The update engine of one session, reduced to what it asks of the store: rows first, then the counters. */

import type { TelegramEvent } from '../../../src/domain/event.js';
import type { OwnerId } from '../../../src/domain/ids.js';
import type { Repositories } from '../../../src/mongo/repositories.js';
import type { CommonCounters, JournalRow, StateChange, StoredChannel } from '../../../src/ports/updates.js';

const untouched: CommonCounters = { pts: 1, qts: 0, seq: 0, date: 0, lastMsgId: 0 };

export class Engine {
  readonly #store: Repositories;
  readonly #owner: OwnerId;
  readonly #fence: number;
  #common: CommonCounters | undefined;
  #channel: StoredChannel | undefined;
  #ord: number;

  private constructor(store: Repositories, owner: OwnerId, fence: number, ord: number) {
    this.#store = store;
    this.#owner = owner;
    this.#fence = fence;
    this.#ord = ord;
  }

  /** Under a fence that is higher than that of any earlier opening. Both counters are known afterwards. */
  static async open(store: Repositories, owner: OwnerId, fence: number): Promise<Engine> {
    await store.updates.append(owner, fence, []);
    const stored = await store.updates.load(owner);
    const engine = new Engine(store, owner, fence, Math.max(stored?.ord ?? 0, fence * 2 ** 32));
    if (stored !== undefined) {
      const { pts, qts, seq, date, lastMsgId } = stored;
      engine.#common = { pts, qts, seq, date, lastMsgId };
      engine.#channel = stored.channels[0];
    }
    if (engine.#common === undefined) await engine.moveCommon();
    if (engine.#channel === undefined) await engine.moveChannel();
    return engine;
  }

  rowOf(_id: string, kind: JournalRow['kind'], event: TelegramEvent): JournalRow {
    const seen = { receivedAt: Date.now(), source: 'push', layer: 223, tl: new Uint8Array(140) } as const;
    return { _id, owner: this.#owner, box: event.box, ord: this.#ord++, kind, event, ...seen };
  }

  append(rows: readonly JournalRow[]): Promise<void> {
    return this.#store.updates.append(this.#owner, this.#fence, rows);
  }

  async moveCommon(): Promise<void> {
    const from = this.#common;
    const to = { ...(from ?? untouched), pts: (from?.pts ?? 1) + 1 };
    await this.#advance({ common: { from, to }, channels: [] });
    this.#common = to;
  }

  async moveChannel(): Promise<void> {
    const from = this.#channel;
    const to = { id: 2000000001, status: 'live', lastMsgId: 0, pts: (from?.pts ?? 1) + 1 } as const;
    await this.#advance({ channels: [{ from, to }] });
    this.#channel = to;
  }

  #advance(change: Omit<StateChange, 'ord'>): Promise<void> {
    return this.#store.updates.advance(this.#owner, this.#fence, { ...change, ord: this.#ord });
  }
}
