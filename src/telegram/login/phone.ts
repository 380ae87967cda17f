/** A personal account by phone number and code. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import { ask, mistake, type Mistake, type OpenStep, type Walk } from './ask.js';
import type { LoginLine } from './line.js';
import { passwordWalk } from './password.js';

interface SentCode {
  readonly phone: string;
  readonly hash: string;
  readonly hint: string;
}

const wrongCode = ['PHONE_CODE_INVALID', 'PHONE_CODE_EMPTY'];

export async function* phoneWalk(line: LoginLine, given: string | undefined): Walk {
  let sent = yield* sendCode(line, given);
  let wrong: Mistake | undefined;
  for (;;) {
    if ('_' in sent) return sent;
    const code = yield ask('code', { hint: sent.hint, mistake: wrong });
    const answer = await line.attempt(
      { _: 'auth.signIn', phoneNumber: sent.phone, phoneCodeHash: sent.hash, phoneCode: bareCode(code) },
      [...wrongCode, 'PHONE_CODE_EXPIRED', 'SESSION_PASSWORD_NEEDED'],
    );
    if ('result' in answer) return answer.result;
    if (answer.refused === 'SESSION_PASSWORD_NEEDED') return yield* passwordWalk(line);
    if (answer.refused === 'PHONE_CODE_EXPIRED') {
      wrong = mistake('CODE_INVALID', 'That code has expired; a new one is on its way, type that one.');
      sent = yield* sendCode(line, sent.phone);
    } else {
      wrong = mistake('CODE_INVALID', 'That code is wrong; type the newest code that Telegram sent.');
    }
  }
}

/** Asks for the number until Telegram takes it. A remembered device may be let in without a code. */
async function* sendCode(
  line: LoginLine,
  given: string | undefined,
): AsyncGenerator<OpenStep, SentCode | tl.auth.TypeAuthorization, string> {
  let phone = barePhone(given ?? (yield ask('phone')));
  for (;;) {
    const answer = await line.attempt(
      {
        _: 'auth.sendCode',
        phoneNumber: phone,
        apiId: line.deps.api.id,
        apiHash: line.deps.api.hash,
        settings: { _: 'codeSettings' },
      },
      ['PHONE_NUMBER_INVALID', 'PHONE_NUMBER_UNOCCUPIED'],
    );
    if ('result' in answer) return codeSent(answer.result, phone);
    phone = barePhone(yield ask('phone', { mistake: refusedNumber(answer.refused) }));
  }
}

function codeSent(sent: tl.auth.TypeSentCode, phone: string): SentCode | tl.auth.TypeAuthorization {
  switch (sent._) {
    case 'auth.sentCode':
      return { phone, hash: sent.phoneCodeHash, hint: whereTo(sent.type) };
    case 'auth.sentCodeSuccess':
      return sent.authorization;
    case 'auth.sentCodePaymentRequired':
      throw new GatewayError(
        'TELEGRAM_REFUSED',
        'it wants a payment for a code to this number; use the QR code',
      );
  }
}

function refusedNumber(name: string): Mistake {
  return mistake(
    'PHONE_INVALID',
    name === 'PHONE_NUMBER_UNOCCUPIED'
      ? 'No Telegram account has this number; type another one.'
      : 'Telegram does not accept this number; type it with country code, like +4912345678.',
  );
}

/** People write numbers with blanks, dashes and brackets. */
function barePhone(typed: string): string {
  return typed.replaceAll(/[^\d+]/g, '');
}

/** Digits may come apart ("1 2 3 4 5": Telegram kills a code that is sent in a chat as it is); words stay. */
function bareCode(typed: string): string {
  return /^[\d\s.-]+$/.test(typed) ? typed.replaceAll(/\D/g, '') : typed.trim();
}

function whereTo(type: tl.auth.TypeSentCodeType): string {
  switch (type._) {
    case 'auth.sentCodeTypeApp':
      return 'Telegram sent the code to your Telegram app.';
    case 'auth.sentCodeTypeSms':
    case 'auth.sentCodeTypeFirebaseSms':
      return 'Telegram sent the code by SMS.';
    case 'auth.sentCodeTypeSmsWord':
    case 'auth.sentCodeTypeSmsPhrase':
      return 'Telegram sent a word or phrase by SMS.';
    case 'auth.sentCodeTypeCall':
      return 'Telegram calls you and says the code.';
    case 'auth.sentCodeTypeFlashCall':
    case 'auth.sentCodeTypeMissedCall':
      return 'Telegram calls you; the last digits of the calling number are the code.';
    case 'auth.sentCodeTypeEmailCode':
      return 'Telegram sent the code to your login e-mail address.';
    case 'auth.sentCodeTypeFragmentSms':
      return 'The code is on fragment.com.';
    case 'auth.sentCodeTypeSetUpEmailRequired':
      throw new GatewayError(
        'TELEGRAM_REFUSED',
        'it wants a login e-mail address; set one in your Telegram app',
      );
  }
}
