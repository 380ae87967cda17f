import { RpcError, type Tl } from '../../types.js';
import { signed, type Ask, type Open } from '../ask.js';
import { bytes } from '../fields.js';
import { logIn } from '../login/finish.js';
import type { LoginToken } from '../login/logins.js';

const TOKEN = 'login.qr';

/** Login by QR code (core.telegram.org/api/qr-login). */
export const QR_LOGIN: Readonly<Record<string, Open>> = {
  'auth.exportLoginToken': exportToken,
  'auth.importLoginToken': importToken,
  'auth.acceptLoginToken': acceptToken,
};

/** The first call shows a token, the call after the scan logs in (or sends to the account's DC). */
function exportToken(ask: Ask): Tl {
  const { caller, desk, world } = ask;
  const shown = caller.scratch.get(TOKEN) as LoginToken | undefined;
  if (shown?.userId !== undefined) {
    const account = world.account(shown.userId);
    if (account.dc !== caller.dc && desk.dcs.includes(account.dc)) {
      return { _: 'auth.loginTokenMigrateTo', dc_id: account.dc, token: shown.token };
    }
    caller.scratch.delete(TOKEN);
    return { _: 'auth.loginTokenSuccess', authorization: logIn(ask, account) };
  }
  const fresh = desk.logins.newToken(caller.authKeyId);
  caller.scratch.set(TOKEN, fresh);
  return { _: 'auth.loginToken', expires: fresh.expires, token: fresh.token };
}

/** The second leg of a migration: the token speaks for itself. */
function importToken(ask: Ask): Tl {
  const token = ask.desk.logins.token(bytes(ask.request, 'token'));
  if (token.userId === undefined) {
    return { _: 'auth.loginToken', expires: token.expires, token: token.token };
  }
  return { _: 'auth.loginTokenSuccess', authorization: logIn(ask, ask.world.account(token.userId)) };
}

/** A logged-in device scans; the waiting one hears updateLoginToken and asks again. */
function acceptToken(ask: Ask): Tl {
  const { self } = signed(ask);
  const token = ask.desk.logins.token(bytes(ask.request, 'token'));
  if (self.bot) throw new RpcError(400, 'BOT_METHOD_INVALID');
  if (token.userId !== undefined) throw new RpcError(400, 'AUTH_TOKEN_ALREADY_ACCEPTED');
  token.userId = self.id;
  const date = ask.world.now();
  ask.desk.wire.pushTo(token.authKeyId, { _: 'updateShort', update: { _: 'updateLoginToken' }, date });
  return {
    _: 'authorization',
    hash: BigInt(`0x${token.authKeyId}`) >> 1n,
    device_model: 'local',
    platform: 'local',
    system_version: '1',
    api_id: 1,
    app_name: 'local',
    app_version: '1',
    date_created: date,
    date_active: date,
    ip: '127.0.0.1',
    country: '',
    region: '',
  };
}
