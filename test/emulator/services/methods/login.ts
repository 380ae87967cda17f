import { RpcError, type Tl } from '../../types.js';
import type { Ask, Open } from '../ask.js';
import { bytes, int, long, maybeText, object, text } from '../fields.js';
import { bind, logIn, passwordOwner, requireDc } from '../login/finish.js';
import { challenge, proves, type SrpChallenge } from '../login/srp.js';
import { DH_G, DH_PRIME } from '../../crypto/dh.js';

const SRP = 'login.srp';

/** Phone code, password, bot token, log out, and moving an authorisation to another DC. */
export const LOGIN: Readonly<Record<string, Open>> = {
  'auth.sendCode': sendCode,
  'auth.resendCode': sendCode,
  'auth.cancelCode': () => true,
  'auth.signIn': signIn,
  'auth.checkPassword': checkPassword,
  'account.getPassword': getPassword,
  'auth.importBotAuthorization': importBot,
  'auth.logOut': ({ caller }) => {
    caller.unbind();
    return { _: 'auth.loggedOut' };
  },
  'auth.exportAuthorization': exportAuthorization,
  'auth.importAuthorization': (ask) => {
    const id = Number(long(ask.request, 'id'));
    ask.desk.logins.importAuthorization(id, bytes(ask.request, 'bytes'));
    return bind(ask, ask.world.account(id));
  },
  // Clients that want perfect forward secrecy fall back to the permanent key.
  'auth.bindTempAuthKey': () => {
    throw new RpcError(400, 'ENCRYPTED_MESSAGE_INVALID');
  },
  'auth.dropTempAuthKeys': () => true,
};

function sendCode(ask: Ask): Tl {
  const phone = digits(ask.request);
  const account = ask.world.byPhone(phone);
  if (account) requireDc(ask, account, 'PHONE');
  return {
    _: 'auth.sentCode',
    type: { _: 'auth.sentCodeTypeApp', length: 5 },
    phone_code_hash: ask.desk.logins.sendCode(phone),
  };
}

function signIn(ask: Ask): Tl {
  const phone = digits(ask.request);
  const code = maybeText(ask.request, 'phone_code') ?? '';
  if (code === '') throw new RpcError(400, 'PHONE_CODE_EMPTY');
  ask.desk.logins.checkCode(phone, text(ask.request, 'phone_code_hash'), code);
  const account = ask.world.byPhone(phone);
  return account ? logIn(ask, account) : { _: 'auth.authorizationSignUpRequired' };
}

function getPassword(ask: Ask): Tl {
  const account = passwordOwner(ask);
  const unset: Tl = {
    _: 'account.password',
    new_algo: { _: 'passwordKdfAlgoUnknown' },
    new_secure_algo: { _: 'securePasswordKdfAlgoUnknown' },
    secure_random: Buffer.alloc(256),
  };
  if (account.password === undefined) return unset;
  const srp = challenge(account.password);
  ask.caller.scratch.set(SRP, srp);
  const algo: Tl = {
    _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
    salt1: srp.salt1,
    salt2: srp.salt2,
    g: DH_G,
    p: DH_PRIME,
  };
  return { ...unset, has_password: true, current_algo: algo, srp_B: srp.B, srp_id: srp.id };
}

/** Each challenge is good for one try. */
function checkPassword(ask: Ask): Tl {
  const account = passwordOwner(ask);
  const proof = object(ask.request, 'password');
  if (proof._ !== 'inputCheckPasswordSRP') throw new RpcError(400, 'PASSWORD_HASH_INVALID');
  const srp = ask.caller.scratch.get(SRP) as SrpChallenge | undefined;
  ask.caller.scratch.delete(SRP);
  if (srp?.id !== long(proof, 'srp_id')) throw new RpcError(400, 'SRP_ID_INVALID');
  if (!proves(srp, bytes(proof, 'A'), bytes(proof, 'M1'))) throw new RpcError(400, 'PASSWORD_HASH_INVALID');
  return bind(ask, account);
}

function importBot(ask: Ask): Tl {
  const bot = ask.world.byToken(text(ask.request, 'bot_auth_token'));
  if (!bot) throw new RpcError(400, 'ACCESS_TOKEN_INVALID');
  requireDc(ask, bot, 'USER');
  return bind(ask, bot);
}

function exportAuthorization(ask: Ask): Tl {
  const { caller, desk } = ask;
  if (caller.userId === undefined) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED');
  if (!desk.dcs.includes(int(ask.request, 'dc_id'))) throw new RpcError(400, 'DC_ID_INVALID');
  return {
    _: 'auth.exportedAuthorization',
    id: caller.userId,
    bytes: desk.logins.exportAuthorization(Number(caller.userId)),
  };
}

function digits(request: Tl): string {
  const phone = text(request, 'phone_number').replace(/\D/g, '');
  if (phone.length < 5) throw new RpcError(400, 'PHONE_NUMBER_INVALID');
  return phone;
}
