/** One process or several on these rows: who stands alone makes sure of it, who does not says that it is there. */

import type { Config } from '../config/config.js';
import { GatewayError } from '../domain/errors.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Leases } from '../ports/store.js';
import { takeLease, type Lease } from '../telegram/fleet/lease.js';

const lonelyName = 'only-process';
const sharingPrefix = 'sharing-';
/** A process that was killed a moment ago leaves its lease behind for so long (decisions.md, "Numbers"). */
const patienceMs = 22_000;
const lookEveryMs = 1_000;

export interface ProcessParts {
  readonly config: Pick<Config, 'processes'>;
  readonly leases: Leases;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * With one queue in memory there is one process: its lease keeps others out, and it stays out itself while processes live that share
 * their work. Each takes its lease first and then looks for one of the other kind, so that of two that start together one at most is let in.
 * Throws PROCESS_RUNNING. The lease is the caller's to release; where it is lost (the store was away) sessions and rows are still
 * safe by leases and claims of their own.
 */
export async function takePlace(parts: ProcessParts): Promise<Lease> {
  const { config, leases, holder, clock, signal } = parts;
  if (config.processes === 'several')
    return placeAmong(parts, await takeLease(parts, sharingPrefix + holder, signal), lonelyName);
  const patience = new AbortController();
  const cancel = clock.setTimer(patienceMs, () => patience.abort());
  const waiting = AbortSignal.any([signal, patience.signal]);
  const tell = (): void => parts.log.warn('another-process-runs');
  try {
    // Without the lease: those that share the work, and may be restarting, are not to be kept out by one that is refused itself.
    let told = false;
    while (!waiting.aborted && (await leases.living(sharingPrefix, clock.now())).length > 0) {
      if (!told) tell();
      told = true;
      await clock.sleep(lookEveryMs, waiting);
    }
    return await placeAmong(parts, await takeLease(parts, lonelyName, waiting, tell), sharingPrefix);
  } finally {
    cancel();
  }
}

/** The lease, if it was taken and nobody of the other kind lives; else it is given back. */
async function placeAmong(
  { leases, clock, signal }: ProcessParts,
  lease: Lease | undefined,
  others: string,
): Promise<Lease> {
  if (lease === undefined) {
    signal.throwIfAborted();
    throw new GatewayError('PROCESS_RUNNING');
  }
  try {
    if ((await leases.living(others, clock.now())).length > 0) throw new GatewayError('PROCESS_RUNNING');
    return lease;
  } catch (error) {
    await lease.release();
    throw error;
  }
}
