import type { tl } from '@mtcute/tl';

import { asGatewayError, GatewayError } from '../../domain/errors.js';
import { rpcErrorOf } from '../rpc/errors.js';
import type { Walk } from './ask.js';
import { botWalk } from './bot.js';
import { LoginLine, type LoginDeps } from './line.js';
import { phoneWalk } from './phone.js';
import { qrWalk } from './qr.js';
import type { LoggedIn, Login, LoginStart, Step } from './step.js';

export type { LoginDeps, LoginLink } from './line.js';
export type { LoggedIn, Login, LoginStart, Question, Step } from './step.js';

/** Begins a login; nothing happens before the first `next()`. How often a wrong input may be repeated is the caller's choice. */
export function startLogin(deps: LoginDeps, start: LoginStart): Login {
  const line = new LoginLine(deps);
  const walk = walkOf(line, start);
  let last: Step | undefined;

  async function end(step: Step): Promise<Step> {
    last = step;
    await line.close();
    return step;
  }

  async function next(input = ''): Promise<Step> {
    if (last !== undefined && isEnd(last)) return last;
    if (last?.step === 'ask' && input.trim() === '') return last;
    try {
      const turn = await walk.next(input);
      if (turn.done === true) return await end(await loggedIn(turn.value, line));
      if (line.signal.aborted) throw new GatewayError('LOGIN_CANCELLED');
      return (last = turn.value);
    } catch (error) {
      return end({
        step: 'failed',
        error: line.signal.aborted ? new GatewayError('LOGIN_CANCELLED') : failureOf(error),
      });
    }
  }

  return {
    next,
    async cancel() {
      if (last === undefined || !isEnd(last)) {
        await end({ step: 'failed', error: new GatewayError('LOGIN_CANCELLED') });
      }
    },
  };
}

/** Names of Telegram's refusals carry no secret. */
function failureOf(thrown: unknown): GatewayError {
  const refused = rpcErrorOf(thrown)?.type;
  if (refused?.startsWith('API_ID_') !== true) return asGatewayError(thrown);
  return new GatewayError(
    'CONFIG_INVALID',
    `Telegram does not accept TELEGRAM_API_ID and TELEGRAM_API_HASH (${refused}); copy both from my.telegram.org.`,
  );
}

function isEnd(step: Step): boolean {
  return step.step === 'done' || step.step === 'failed';
}

function walkOf(line: LoginLine, start: LoginStart): Walk {
  switch (start.kind) {
    case 'bot':
      return botWalk(line, start.token);
    case 'phone':
      return phoneWalk(line, start.phone);
    case 'qr':
      return qrWalk(line);
  }
}

async function loggedIn(authorization: tl.auth.TypeAuthorization, line: LoginLine): Promise<LoggedIn> {
  if (authorization._ !== 'auth.authorization') {
    throw new GatewayError('TELEGRAM_REFUSED', 'no Telegram account has this number');
  }
  const { user } = authorization;
  if (user._ !== 'user') throw new GatewayError('TELEGRAM_REFUSED', 'it names no user for this login');
  const name = [user.firstName, user.lastName].filter((part) => part !== undefined && part !== '').join(' ');
  return {
    step: 'done',
    userId: user.id.toString(),
    name: name === '' ? (user.username ?? user.id.toString()) : name,
    ...(user.username === undefined ? {} : { username: user.username }),
    kind: user.bot === true ? 'bot' : 'account',
    counters: await countersOf(line),
    ...line.identity(),
  };
}

/** Asked on the link that logged in: what arrives from now on, also before the session first runs, is in its difference. */
async function countersOf(line: LoginLine): Promise<LoggedIn['counters']> {
  try {
    const { pts, qts, seq, date } = await line.call({ _: 'updates.getState' });
    return { pts, qts, seq, date };
  } catch (error) {
    // Nobody would know of the session that has just been made.
    await line.call({ _: 'auth.logOut' }).catch(() => undefined);
    throw error;
  }
}
