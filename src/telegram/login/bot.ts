/** A bot by its token. The token is used here once and kept nowhere. */

import { ask, mistake, type Mistake, type Walk } from './ask.js';
import type { LoginLine } from './line.js';

const wrongToken = ['ACCESS_TOKEN_INVALID', 'ACCESS_TOKEN_EXPIRED', 'BOT_TOKEN_INVALID'];

export async function* botWalk(line: LoginLine, given: string | undefined): Walk {
  let input = given ?? (yield ask('token'));
  for (;;) {
    const token = input.trim();
    // A malformed token is refused here: what was typed by mistake (a password, perhaps) need not travel.
    if (/^\d+:[\w-]+$/.test(token)) {
      const answer = await line.attempt(
        {
          _: 'auth.importBotAuthorization',
          flags: 0,
          apiId: line.deps.api.id,
          apiHash: line.deps.api.hash,
          botAuthToken: token,
        },
        wrongToken,
      );
      if ('result' in answer) return answer.result;
    }
    input = yield ask('token', { mistake: refused() });
  }
}

function refused(): Mistake {
  return mistake(
    'BOT_TOKEN_INVALID',
    'Telegram does not accept this token; copy it again from @BotFather and send it once more.',
  );
}
