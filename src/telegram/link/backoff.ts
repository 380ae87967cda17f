import type { Clock } from '../../ports/runtime.js';

const FIRST_MS = 100;
const LONGEST_MS = 30_000;
/** A connection that lived this long was a good one: the next attempt follows at once. */
const GOOD_MS = 1_000;

/** How long to wait before the next connection: nothing after a good one, then 0.1 s doubling up to 30 s, less a random part. */
export class Backoff {
  readonly #clock: Clock;
  #failures = 0;
  #upSinceMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#upSinceMs = this.#clock.now();
  }

  nextMs(): number {
    const good = this.#upSinceMs !== undefined && this.#clock.now() - this.#upSinceMs >= GOOD_MS;
    this.#upSinceMs = undefined;
    if (good) {
      this.#failures = 0;
      return 0;
    }
    const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 20);
    // Hundreds of links that lost the same server must not come back in the same millisecond.
    return delayMs * (0.8 + 0.2 * Math.random());
  }
}
