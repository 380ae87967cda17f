/** A question that waits for its answer: until the deadline, and no longer than the other side shows that it lives. */

import { GatewayError } from '../domain/errors.js';
import type { AskOptions } from '../ports/relay.js';
import type { Cancel, Clock } from '../ports/runtime.js';

/** Three signs of life that did not come. */
const silenceMs = 6_000;

export class PendingAnswer {
  /** Rejects with ANSWER_LOST. */
  readonly answered: Promise<Uint8Array>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #settle: { resolve: (answer: Uint8Array) => void; reject: (error: GatewayError) => void } | undefined;
  readonly #endDeadline: Cancel;
  #endSilence: Cancel = () => undefined;

  constructor(clock: Clock, { deadlineMs, signal }: AskOptions) {
    this.#clock = clock;
    this.#signal = signal;
    this.answered = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Its asker may have failed before it waits.
    this.answered.catch(() => undefined);
    this.#endDeadline = clock.setTimer(deadlineMs, () => this.lost(`no answer within ${deadlineMs} ms`));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.heard();
    if (signal?.aborted === true) this.#onAbort();
  }

  heard(): void {
    this.#endSilence();
    this.#endSilence = this.#clock.setTimer(silenceMs, () =>
      this.lost('the process that holds the session is silent'),
    );
  }

  is(answer: Uint8Array): void {
    this.#settle?.resolve(answer);
  }

  lost(why: string): void {
    this.#settle?.reject(new GatewayError('ANSWER_LOST', why));
  }

  /** Nobody waits any more. */
  over(): void {
    this.#endDeadline();
    this.#endSilence();
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.lost('it was given up');
}
