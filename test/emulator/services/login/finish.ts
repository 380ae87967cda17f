import { RpcError, type Tl } from '../../types.js';
import type { Account } from '../../world/model.js';
import type { Ask } from '../ask.js';
import { userTl } from '../render/peers.js';

/** Who has shown a code or a scanned token and still owes the password. */
const PENDING = 'login.pending';

/** Binds the authorisation, or demands the password first (SESSION_PASSWORD_NEEDED). */
export function logIn(ask: Ask, account: Account): Tl {
  if (account.password !== undefined) {
    ask.caller.scratch.set(PENDING, account.id);
    throw new RpcError(401, 'SESSION_PASSWORD_NEEDED');
  }
  return bind(ask, account);
}

export function bind(ask: Ask, account: Account): Tl {
  ask.caller.scratch.delete(PENDING);
  ask.caller.bind(BigInt(account.id));
  return authorizationTl(account);
}

/** The account that the password is asked for: half logged in, or logged in already. */
export function passwordOwner({ caller, world }: Ask): Account {
  const pending = caller.scratch.get(PENDING);
  const id = typeof pending === 'number' ? pending : Number(caller.userId ?? -1);
  const account = world.accounts.get(id);
  if (!account) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED');
  return account;
}

export function authorizationTl(account: Account): Tl {
  return { _: 'auth.authorization', user: userTl(account, account) };
}

/** 303 PHONE_MIGRATE_X or USER_MIGRATE_X when the account lives elsewhere. */
export function requireDc(ask: Ask, account: Account, kind: 'PHONE' | 'USER'): void {
  if (account.dc !== ask.caller.dc && ask.desk.dcs.includes(account.dc)) {
    throw new RpcError(303, `${kind}_MIGRATE_${account.dc}`);
  }
}
