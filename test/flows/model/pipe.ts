/** One session's way from Telegram into the journal: in order, but late, in lumps, and now and then something twice. */
import type { TelegramEvent } from '../../../src/domain/event.js';
import type { OwnerId } from '../../../src/domain/ids.js';
import type { VirtualClock } from '../../support/virtual-clock.js';
import type { Random } from '../../telegram/updates/model/random.js';
import type { MemoryStore } from './memory-store.js';

interface Keyed {
  readonly key: string;
  readonly event: TelegramEvent;
}

export class Pipe {
  readonly #owner: OwnerId;
  readonly #store: MemoryStore;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #waiting: Keyed[] = [];
  readonly #taken: Keyed[] = [];
  readonly #onJournaled: () => void;
  #armed = false;
  /** The longest pause between two lumps. */
  stallMs = 0;

  constructor(
    owner: OwnerId,
    world: { store: MemoryStore; clock: VirtualClock; random: Random },
    onJournaled: () => void,
  ) {
    this.#owner = owner;
    this.#store = world.store;
    this.#clock = world.clock;
    this.#random = world.random;
    this.#onJournaled = onJournaled;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  push(...events: TelegramEvent[]): void {
    this.#waiting.push(...events.map((event) => ({ key: keyOf(event), event })));
    this.#arm();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    const stalls = this.#random.chance(0.1) ? this.stallMs : Math.min(this.stallMs, 300);
    this.#clock.setTimer(this.#random.int(stalls + 5), () => {
      this.#armed = false;
      this.#journal();
    });
  }

  #journal(): void {
    const lump = this.#waiting.splice(0, 1 + this.#random.int(6));
    const again = this.#taken.length > 0 && this.#random.chance(0.2) ? [this.#random.pick(this.#taken)] : [];
    this.#taken.push(...lump);
    this.#store.append(this.#owner, [...again, ...lump], this.#clock.now());
    this.#onJournaled();
    if (!this.empty) this.#arm();
  }
}

function keyOf(event: TelegramEvent): string {
  if (event.kind === 'sent') return `s-${event.randomId}`;
  return `n-${event.box}-${'msgId' in event ? event.msgId : ''}`.replaceAll(':', '-');
}
