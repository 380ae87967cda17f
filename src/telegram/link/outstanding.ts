import { GatewayError, type ErrorCode } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import type { CallOptions } from './link.js';
import type { Outgoing } from './outgoing.js';

const DEFAULT_DEADLINE_MS = 60_000;

/** Why a call did not even leave. */
type Unsent = Extract<ErrorCode, 'TELEGRAM_UNREACHABLE' | 'SESSION_DEAD'>;

/** The calls that wait for their answers, over as many connections as it takes, in the order they were made. */
export class Outstanding {
  readonly #clock: Clock;
  readonly #drop: (outgoing: Outgoing) => void;
  readonly #calls = new Set<Outgoing>();

  /** `drop` is called for a call that is given up, before it is refused: it must set `sent`. */
  constructor(clock: Clock, drop: (outgoing: Outgoing) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  /** All of them, oldest first. */
  [Symbol.iterator](): Iterator<Outgoing> {
    return [...this.#calls][Symbol.iterator]();
  }

  /** Adds a call, hands it to `send`, and answers its result's bytes. */
  add(
    method: string,
    bytes: Buffer,
    options: CallOptions,
    send: (outgoing: Outgoing) => void,
  ): Promise<Buffer> {
    const { deadlineMs = DEFAULT_DEADLINE_MS, signal } = options;
    return new Promise((resolve, reject) => {
      const outgoing: Outgoing = {
        method,
        bytes,
        sent: false,
        settle: (answer) => {
          if (!this.#calls.delete(outgoing)) return;
          cancel();
          signal?.removeEventListener('abort', giveUp);
          if (answer instanceof GatewayError) reject(answer);
          else resolve(answer);
        },
      };
      const giveUp = () => {
        this.#drop(outgoing);
        this.refuse(outgoing, `${method} in time`);
      };
      const cancel = this.#clock.setTimer(deadlineMs, giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#calls.add(outgoing);
      if (signal?.aborted === true) giveUp();
      else send(outgoing);
    });
  }

  /** What has left may have been executed: only what has not is refused with `unsent`. */
  refuse(outgoing: Outgoing, detail: string, unsent: Unsent = 'TELEGRAM_UNREACHABLE'): void {
    outgoing.settle(new GatewayError(outgoing.sent ? 'ANSWER_LOST' : unsent, detail));
  }

  refuseAll(detail: string, unsent?: Unsent): void {
    for (const outgoing of this) this.refuse(outgoing, detail, unsent);
  }
}
