import type { Cancel, Clock } from '../../ports/runtime.js';

const TICK_MS = 500;
const PING_EVERY_MS = 7_000;
const PING_AFTER_CALL_MS = 2_000;
/** Telegram closes a connection that pings no more: a frozen process has lost its session before a taker opens it. */
export const DISCONNECT_DELAY_SECONDS = 15;

/** What the keep-alive watches. */
export interface Watched {
  /** When the oldest unanswered call was queued. */
  readonly waitingSinceMs: number | undefined;
  /** Bytes that have left for the kernel. */
  readonly flushedBytes: number;
  /** Bytes that the kernel has no room for yet. */
  readonly unflushedBytes: number;
  ping(): void;
  /** The other side is gone. */
  silent(): void;
}

/** Pings a connection and notices within `silenceMs` when nothing comes back (decisions.md, "Numbers"). */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #watched: Watched;
  readonly #silenceMs: number;
  #cancel: Cancel | undefined;
  #lastTickMs: number;
  /** The last sign of life, or a moment since which nothing could have come. */
  #aliveMs: number;
  #lastPingMs: number;
  /** When the oldest ping without a pong was sent. */
  #pingedMs: number | undefined;
  #flushedBytes = 0;
  #wasFull = false;
  #paused = false;

  constructor(clock: Clock, watched: Watched, silenceMs: number) {
    this.#clock = clock;
    this.#watched = watched;
    this.#silenceMs = silenceMs;
    this.#lastTickMs = this.#aliveMs = this.#lastPingMs = clock.now();
    this.#arm();
  }

  /** Any packet of the server. */
  received(): void {
    this.#aliveMs = this.#clock.now();
  }

  pong(): void {
    this.#pingedMs = undefined;
  }

  /** While the socket is not read, silence says nothing; pings go on. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.received();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    this.#cancel = this.#clock.setTimer(TICK_MS, () => {
      this.#arm();
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#clock.now();
    const stalled = now - this.#lastTickMs > 2 * TICK_MS;
    this.#lastTickMs = now;
    // After a stall of the process its packets still wait in the kernel.
    if (stalled || this.#drains() || this.#paused) this.#aliveMs = now;

    const waitingSinceMs = Math.min(this.#pingedMs ?? Infinity, this.#watched.waitingSinceMs ?? Infinity);
    if (now - Math.max(waitingSinceMs, this.#aliveMs) >= this.#silenceMs) {
      this.stop();
      this.#watched.silent();
      return;
    }
    const sincePing = now - this.#lastPingMs;
    const callWaits = now - (this.#watched.waitingSinceMs ?? Infinity) >= PING_AFTER_CALL_MS;
    const askNow = callWaits && this.#pingedMs === undefined && sincePing >= PING_AFTER_CALL_MS;
    if (sincePing >= PING_EVERY_MS || askNow) this.#ping(now);
  }

  /**
   * A slow uplink is no silence: a full kernel that has taken more was drained by the other side. One with room takes everything,
   * our own pings too, and says nothing about the other side.
   */
  #drains(): boolean {
    const { flushedBytes, unflushedBytes } = this.#watched;
    const drains = this.#wasFull && flushedBytes !== this.#flushedBytes;
    this.#flushedBytes = flushedBytes;
    this.#wasFull = unflushedBytes > 0;
    return drains;
  }

  #ping(now: number): void {
    this.#lastPingMs = now;
    this.#pingedMs ??= now;
    this.#watched.ping();
  }
}
