/** What may befall a process of the flows on its way to store, queue and Telegram. */
import { GatewayError, type ErrorCode } from '../../../src/domain/errors.js';
import type { VirtualClock } from '../../support/virtual-clock.js';
import type { Random } from '../../telegram/updates/model/random.js';

/** Probabilities per effect; all 0: a perfect world. */
export interface Faults {
  /** The store refuses, or does it and loses its answer. */
  readonly storeFails: number;
  /** Telegram is not reached, or executes and the answer is lost. */
  readonly sendFails: number;
  /** The process dies before or after the effect. */
  readonly crash: number;
  /** A wake-up or a job is lost: only the sweep finds what it was for. */
  readonly forget: number;
  /** The journal gets things late and in lumps, up to so many ms. */
  readonly stallMs: number;
}

export const noFaults: Faults = { storeFails: 0, sendFails: 0, crash: 0, forget: 0, stallMs: 0 };

export interface Life {
  dead: boolean;
  readonly onDeath?: () => void;
}

/** One process's hands: every effect passes here. */
export class Mishaps {
  faults: Faults;
  readonly #clock: VirtualClock;
  readonly #random: Random;

  constructor(clock: VirtualClock, random: Random, faults: Faults) {
    this.#clock = clock;
    this.#random = random;
    this.faults = faults;
  }

  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  /** Each method becomes an effect with latency, failure and death on either side of it. The dead neither answer nor throw. */
  wrap<T extends object>(
    part: T,
    life: Life,
    how: { fails: 'storeFails' | 'sendFails'; lost: ErrorCode; unreached: ErrorCode; ms: number },
  ): T {
    return new Proxy(part, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.#effect(life, how, async () => Reflect.apply(value, target, args) as unknown);
      },
    });
  }

  async #effect(
    life: Life,
    { fails, lost, unreached, ms }: Parameters<Mishaps['wrap']>[2],
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    await this.#latency(life, ms);
    this.#mayDie(life);
    // What a dying process has sent may still be executed.
    if (life.dead && this.#random.chance(0.5)) return never();
    const fails_ = this.#random.chance(this.faults[fails]);
    if (fails_ && this.#random.chance(0.5)) throw new GatewayError(unreached, 'mishap');
    const answer = await run();
    this.#mayDie(life);
    await this.#latency(life, ms);
    if (fails_) throw new GatewayError(lost, 'mishap');
    return answer;
  }

  #mayDie(life: Life): void {
    if (life.dead || !this.#random.chance(this.faults.crash)) return;
    life.dead = true;
    life.onDeath?.();
  }

  async #latency(life: Life, ms: number): Promise<void> {
    if (life.dead) await never();
    await new Promise<void>((resolve) => this.#clock.setTimer(1 + this.#random.int(ms), resolve));
    if (life.dead) await never();
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
