/** The end of a session at Telegram, then of its key here. */

import { asGatewayError, GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { Caller } from '../link/link.js';
import type { SessionKeys } from '../session/key.js';
import type { SessionDeps } from '../session/session.js';
import { leaseName } from './berth.js';
import { takeLease, type LeaseDeps } from './lease.js';

export interface LogoutDeps {
  readonly keys: SessionKeys;
  readonly lease: LeaseDeps;
  readonly session: Pick<SessionDeps, 'openClient' | 'clock'>;
}

/** A process that holds the session sees the removed row within 2 s; a dead one's lease may be taken after 20 s. */
const patienceMs = 25_000;

/** auth.logOut; a session that Telegram has ended already is logged out too. */
export async function logOutAt(caller: Caller): Promise<void> {
  try {
    await caller.call({ _: 'auth.logOut' }, { deadlineMs: 15_000 });
  } catch (error) {
    const failure = asGatewayError(error);
    if (failure.code !== 'SESSION_DEAD') throw failure;
  }
}

/**
 * Logs out a session that does not run here: when its lease is free and its key is still there. Throws TELEGRAM_UNREACHABLE when the
 * process that runs it has not done so either.
 */
export async function logOutIdle(deps: LogoutDeps, owner: OwnerId): Promise<void> {
  const patience = new AbortController();
  const cancel = deps.session.clock.setTimer(patienceMs, () => patience.abort());
  const lease = await takeLease(deps.lease, leaseName(owner), patience.signal);
  cancel();
  if (lease === undefined) {
    if ((await deps.keys.mark(owner)) === undefined) return;
    throw new GatewayError('TELEGRAM_UNREACHABLE', `the process that runs ${owner} has not logged it out`);
  }
  try {
    const key = await deps.keys.load(owner);
    if (key === undefined) return;
    const client = await deps.session.openClient({ dc: key.dc, authKey: key.authKey });
    try {
      await logOutAt(client);
    } finally {
      await client.close();
    }
    await deps.keys.remove(owner);
  } finally {
    await lease.release();
  }
}
