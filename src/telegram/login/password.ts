/** Two-step verification by SRP: Telegram sees a proof of the password, never the password. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import { ask, mistake, type Mistake, type Walk } from './ask.js';
import type { LoginLine, Attempt } from './line.js';

export async function* passwordWalk(line: LoginLine): Walk {
  const { hint } = await line.call({ _: 'account.getPassword' });
  let wrong: Mistake | undefined;
  for (;;) {
    const answer = await check(line, yield ask('password', { hint, mistake: wrong }));
    if ('result' in answer) return answer.result;
    wrong = mistake(
      'PASSWORD_INVALID',
      'That password is wrong; type the two-step verification password again.',
    );
  }
}

/** The parameters are asked anew for each try, and once more when they aged meanwhile (SRP_ID_INVALID). */
async function check(line: LoginLine, password: string): Promise<Attempt<tl.auth.TypeAuthorization>> {
  for (let ageing = 0; ageing < 3; ageing += 1) {
    const settings = await line.call({ _: 'account.getPassword' });
    const answer = await line.attempt(
      { _: 'auth.checkPassword', password: await line.deps.passwordCheck(settings, password) },
      ['PASSWORD_HASH_INVALID', 'SRP_PASSWORD_CHANGED', 'SRP_ID_INVALID'],
    );
    if ('result' in answer || answer.refused === 'PASSWORD_HASH_INVALID') return answer;
  }
  throw new GatewayError('TELEGRAM_REFUSED', 'SRP_ID_INVALID');
}
