import type { Clock } from '../../ports/runtime.js';

/** Ids of our messages: server time in 2^-32 seconds, ever growing, divisible by four (core.telegram.org/mtproto/description). */
export class MessageIds {
  readonly #clock: Clock;
  #last = 0n;
  #offsetSeconds: number;

  /** `offsetSeconds`: how far Telegram's clock is ahead of ours. */
  constructor(clock: Clock, offsetSeconds = 0) {
    this.#clock = clock;
    this.#offsetSeconds = offsetSeconds;
  }

  get offsetSeconds(): number {
    return this.#offsetSeconds;
  }

  next(): bigint {
    const serverMs = BigInt(Math.floor(this.#clock.now() + this.#offsetSeconds * 1000));
    const id = ((serverMs << 32n) / 1000n) & ~3n;
    this.#last = id > this.#last ? id : this.#last + 4n;
    return this.#last;
  }

  /** Takes the server's time from an id of its own. The refused ids count no longer: the next ones may be lower. */
  follow(serverMsgId: bigint): void {
    this.#offsetSeconds = Number(serverMsgId >> 32n) - Math.floor(this.#clock.now() / 1000);
    this.#last = 0n;
  }
}
