/** The desk session of a bot token. */

import type { Desk } from '../../domain/connection.js';
import { GatewayError } from '../../domain/errors.js';
import { deskId, peerOf } from '../../domain/ids.js';
import type { Log } from '../../ports/runtime.js';
import { startLogin, type LoginDeps } from '../login/login.js';
import type { SessionKey, SessionKeys } from '../session/key.js';
import { leaseName } from './berth.js';
import { takeLease, type LeaseDeps } from './lease.js';

export interface DeskDeps {
  readonly keys: SessionKeys;
  readonly lease: LeaseDeps;
  readonly login: LoginDeps;
  readonly log: Log;
}

const lookEveryMs = 1_000;

/** The token's desk, with a stored key: logs in only where there is none, under the lease, so that two processes do not both. */
export async function deskOf(deps: DeskDeps, token: string, signal: AbortSignal): Promise<Desk> {
  const userId = /^(\d+):/.exec(token)?.[1];
  if (userId === undefined) throw new GatewayError('BOT_TOKEN_INVALID');
  const id = deskId(userId);
  const { username } = (await deps.keys.load(id)) ?? (await loggedIn(deps, id, token, signal));
  return { id, peer: peerOf('user', userId), ...(username === undefined ? {} : { username }) };
}

/** Waits while another process holds the lease, until that one has stored a key or has let go. */
async function loggedIn(
  deps: DeskDeps,
  id: Desk['id'],
  token: string,
  signal: AbortSignal,
): Promise<SessionKey> {
  for (let told = false; ; told = true) {
    const patience = new AbortController();
    const cancel = deps.lease.clock.setTimer(lookEveryMs, () => patience.abort());
    const lease = await takeLease(deps.lease, leaseName(id), AbortSignal.any([signal, patience.signal]));
    cancel();
    if (signal.aborted && lease === undefined) throw new GatewayError('LOGIN_CANCELLED');
    try {
      const stored = await deps.keys.load(id);
      if (stored !== undefined) return stored;
      if (lease === undefined) {
        // It may be a long wait: Telegram may have told that process to wait with its login.
        if (!told) deps.log.warn('desk-login-awaited', { owner: id });
        continue;
      }
      const key = await logInOnce(deps.login, token);
      await deps.keys.save(id, key);
      return key;
    } finally {
      await lease?.release();
    }
  }
}

/** Throws what Telegram says. One try: a token from the configuration does not get better by asking again. */
export async function logInOnce(deps: LoginDeps, token: string): Promise<SessionKey> {
  const login = startLogin(deps, { kind: 'bot', token });
  const step = await login.next();
  if (step.step === 'done') return step;
  await login.cancel();
  if (step.step === 'failed') throw step.error;
  throw (step.step === 'ask' ? step.failure : undefined) ?? new GatewayError('BOT_TOKEN_INVALID');
}
