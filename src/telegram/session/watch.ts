/** Notices a client that keeps its connection but gets no answers any more. */

import { GatewayError } from '../../domain/errors.js';
import type { Cancel, Clock } from '../../ports/runtime.js';
import type { Caller } from '../link/link.js';
import { rpcErrorOf } from '../rpc/errors.js';

const silenceMs = 60_000;
const deadlineMs = 20_000;

/**
 * After a minute without an update or answer asks Telegram for something small; `onWedged` is called when that is not answered
 * either, be it with an error. The watch is over then.
 */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #caller: Caller;
  readonly #onWedged: (error: GatewayError) => void;
  #heardAt: number;
  #cancel: Cancel = () => undefined;
  #over = false;

  constructor(clock: Clock, caller: Caller, onWedged: (error: GatewayError) => void) {
    this.#clock = clock;
    this.#caller = caller;
    this.#onWedged = onWedged;
    this.#heardAt = clock.now();
    this.#arm(silenceMs);
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Nobody speaks for so long, as Telegram has asked: that is no silence of a client's. */
  rest(ms: number): void {
    this.#heardAt = this.#clock.now() + ms;
  }

  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#clock.setTimer(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const silentMs = this.#clock.now() - this.#heardAt;
    if (silentMs < silenceMs) {
      this.#arm(silenceMs - silentMs);
      return;
    }
    const askedAt = this.#clock.now();
    try {
      await this.#caller.call({ _: 'updates.getState' }, { deadlineMs });
      this.heard();
    } catch (error) {
      // A refusal is an answer too; so is anything that arrived while we waited.
      if (rpcErrorOf(error) !== undefined) this.heard();
    }
    if (this.#over) return;
    if (this.#heardAt >= askedAt) this.#arm(silenceMs);
    else {
      this.stop();
      this.#onWedged(new GatewayError('TELEGRAM_UNREACHABLE', 'it does not answer any more'));
    }
  }
}
