/** The right to run one session. Numbers: decisions.md, "Numbers". */

import { GatewayError } from '../../domain/errors.js';
import type { Cancel, Clock } from '../../ports/runtime.js';
import type { Leases } from '../../ports/store.js';

export interface LeaseDeps {
  readonly leases: Leases;
  readonly clock: Clock;
  /** This process; no two living ones have the same name. */
  readonly holder: string;
}

const ttlMs = 15_000;
const renewEveryMs = 4_000;
/** We stop this long before the lease runs out at the store: our sockets are closed before anybody may take it. */
const marginMs = 2_000;
/** A former holder that never gave the lease back may be frozen; by then Telegram has closed its connections. */
const graceMs = 5_000;
const askEveryMs = 1_000;

/** A lease while we hold it. */
export class Lease {
  readonly fence: number;
  /** Aborted when the lease is lost: close everything at once. */
  readonly lost: AbortSignal;
  readonly #deps: LeaseDeps;
  readonly #name: string;
  readonly #loss = new AbortController();
  #safeUntil: number;
  #stopTimer: Cancel = () => undefined;
  #over = false;

  constructor(deps: LeaseDeps, name: string, fence: number, takenAt: number) {
    this.#deps = deps;
    this.#name = name;
    this.fence = fence;
    this.lost = this.#loss.signal;
    this.#safeUntil = takenAt + ttlMs - marginMs;
    this.#arm(renewEveryMs);
  }

  /** Whether we may still act; false at once after a freeze that outlasted the lease, before any timer has run. */
  holds(): boolean {
    if (!this.#over && this.#deps.clock.now() >= this.#safeUntil) this.#lose();
    return !this.#over;
  }

  /** Gives the lease back; call it after the last socket is closed. A store that does not answer lets it run out. */
  async release(): Promise<void> {
    const held = !this.#over;
    this.#end();
    if (held)
      await this.#deps.leases.release(this.#name, this.#deps.holder, this.fence).catch(() => undefined);
  }

  #arm(delayMs: number): void {
    this.#stopTimer = this.#deps.clock.setTimer(delayMs, () => void this.#renew());
  }

  /** A renewal that fails to reach the store is repeated until the lease is no longer safe. */
  async #renew(): Promise<void> {
    if (!this.holds()) return;
    const { clock, leases, holder } = this.#deps;
    const askedAt = clock.now();
    // A store that hangs must not outlast the lease.
    this.#stopTimer = clock.setTimer(this.#safeUntil - askedAt, () => this.holds());
    const answer = await leases
      .renew(this.#name, holder, this.fence, ttlMs, askedAt)
      .catch(() => 'no answer' as const);
    if (!this.holds()) return;
    this.#stopTimer();
    if (answer === false) {
      this.#lose();
      return;
    }
    if (answer === true) this.#safeUntil = askedAt + ttlMs - marginMs;
    this.#arm(answer === true ? renewEveryMs : askEveryMs);
  }

  #lose(): void {
    this.#end();
    this.#loss.abort(new GatewayError('STALE_FENCE', this.#name));
  }

  #end(): void {
    this.#over = true;
    this.#stopTimer();
  }
}

/**
 * Waits until the lease is ours and nobody else can still be connected. Undefined when the signal called it off; whatever was
 * taken is given back then. A store that does not answer is asked again. `onWaiting` is told once when somebody else holds it.
 */
export async function takeLease(
  deps: LeaseDeps,
  name: string,
  signal: AbortSignal,
  onWaiting: () => void = () => undefined,
): Promise<Lease | undefined> {
  let told = false;
  let unansweredAt: number | undefined;
  while (!signal.aborted) {
    const askedAt = deps.clock.now();
    const taken = await deps.leases.take(name, deps.holder, ttlMs, askedAt).catch(() => {
      unansweredAt = askedAt;
      return undefined;
    });
    if (taken !== undefined) {
      const lease = new Lease(deps, name, taken.fence, askedAt);
      // The try without an answer may have taken it from a holder who vanished; this one then found only ourselves.
      const abandonedAt = taken.abandonedAt ?? unansweredAt;
      if (await safeToOpen(deps.clock, lease, abandonedAt, signal)) return lease;
      await lease.release();
      continue;
    }
    if (!told) onWaiting();
    told = true;
    await deps.clock.sleep(askEveryMs, signal);
  }
  return undefined;
}

/** Also waited out when it is called off meanwhile: given back earlier, the next taker would not know of the one before us. */
async function safeToOpen(
  clock: Clock,
  lease: Lease,
  abandonedAt: number | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (abandonedAt !== undefined) await clock.sleep(abandonedAt + graceMs - clock.now(), lease.lost);
  return !signal.aborted && lease.holds();
}
