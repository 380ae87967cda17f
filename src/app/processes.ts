/** One process or several on these rows: who stands alone makes sure of it, who does not says that it is there. */

import type { Config } from '../config/config.js';
import { GatewayError } from '../domain/errors.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Leases } from '../ports/store.js';
import { takeLease, type Lease } from '../telegram/fleet/lease.js';

const lonelyName = 'only-process';
/** A process that was killed a moment ago leaves its lease behind for so long (decisions.md, "Numbers"). */
const patienceMs = 22_000;

export interface ProcessParts {
  readonly config: Pick<Config, 'processes'>;
  readonly leases: Leases;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * With one queue in memory there is one process: its lease keeps others out, and a process that would share its work stays out
 * while it lives. Throws PROCESS_RUNNING. The lease is the caller's to release; where it is lost (the store was away) sessions and
 * rows are still safe by leases and claims of their own.
 */
export async function standAlone(parts: ProcessParts): Promise<Lease | undefined> {
  const { leases, clock, signal } = parts;
  if (parts.config.processes === 'several') {
    if ((await leases.living(lonelyName, clock.now())).length > 0) throw new GatewayError('PROCESS_RUNNING');
    return undefined;
  }
  const patience = new AbortController();
  const cancel = clock.setTimer(patienceMs, () => patience.abort());
  const lease = await takeLease(parts, lonelyName, AbortSignal.any([signal, patience.signal]), () =>
    parts.log.warn('another-process-runs'),
  );
  cancel();
  signal.throwIfAborted();
  if (lease === undefined) throw new GatewayError('PROCESS_RUNNING');
  return lease;
}
