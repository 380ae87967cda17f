import type { Cancel, Clock } from '../../ports/runtime.js';

/** Enough of them to be worth a message of their own (Telegram allows 8192 in one). */
const FULL = 64;
/** The longest that Telegram waits for one; unacknowledged messages are sent again after about a minute. */
const DELAY_MS = 500;

/** Ids of messages that the server wants acknowledged, collected until they fill a message or ride with a call. */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #send: (ids: readonly bigint[]) => void;
  #ids: bigint[] = [];
  #cancel: Cancel | undefined;

  constructor(clock: Clock, send: (ids: readonly bigint[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  add(msgId: bigint): void {
    this.#ids.push(msgId);
    if (this.#ids.length >= FULL) this.flush();
    else
      this.#cancel ??= this.#clock.setTimer(DELAY_MS, () => {
        this.flush();
      });
  }

  flush(): void {
    this.stop();
    if (this.#ids.length === 0) return;
    const ids = this.#ids;
    this.#ids = [];
    this.#send(ids);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
