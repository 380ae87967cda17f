/** The state of one running session, as people see it. */

import type { ConnectionState } from '../../domain/connection.js';
import type { Cancel, Clock } from '../../ports/runtime.js';

export interface SessionState {
  readonly state: ConnectionState;
  /** A plain sentence, where the state needs one. */
  readonly reason?: string;
  /** Unix ms. */
  readonly since: number;
}

/** Shorter waits are everyday life at Telegram and no state. */
const minFloodSeconds = 10;

/** Keeps the state and tells each change once; a flood wait covers `live` and `catching-up` until it is over. */
export class StateTeller {
  #now: SessionState;
  /** What stands below a flood wait. */
  #below: ConnectionState = 'connecting';
  #endFlood: Cancel | undefined;
  readonly #clock: Clock;
  readonly #onChange: (state: SessionState) => void;

  constructor(clock: Clock, onChange: (state: SessionState) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#now = { state: 'connecting', since: clock.now() };
    onChange(this.#now);
  }

  get current(): SessionState {
    return this.#now;
  }

  tell(state: ConnectionState, reason?: string): void {
    this.#below = state;
    if (this.#endFlood !== undefined && (state === 'live' || state === 'catching-up')) return;
    this.#clearFlood();
    this.#change(state, reason);
  }

  flood(seconds: number): void {
    if (seconds < minFloodSeconds || (this.#below !== 'live' && this.#below !== 'catching-up')) return;
    this.#clearFlood();
    this.#endFlood = this.#clock.setTimer(seconds * 1000, () => {
      this.#endFlood = undefined;
      this.#change(this.#below);
    });
    this.#change('flood-waiting', `Telegram asks for a pause of ${seconds} seconds.`);
  }

  /** Tells nothing more. */
  stop(): void {
    this.#clearFlood();
  }

  #clearFlood(): void {
    this.#endFlood?.();
    this.#endFlood = undefined;
  }

  #change(state: ConnectionState, reason?: string): void {
    if (this.#now.state === state && this.#now.reason === reason) return;
    this.#now = { state, since: this.#clock.now(), ...(reason === undefined ? {} : { reason }) };
    this.#onChange(this.#now);
  }
}
