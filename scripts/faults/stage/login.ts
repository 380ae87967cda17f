/** Logs the bot and the account in: at first in this process, which is quick; again by the command, as a person would. */

import { storeConnection } from '../../../src/app/connect.js';
import { openInstallation } from '../../../src/app/installation.js';
import { clientOpener, loginDeps } from '../../../src/app/telegram.js';
import { readSettings } from '../../../src/config/settings.js';
import { markedId, peerOf } from '../../../src/domain/ids.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { startLogin, type LoginStart } from '../../../src/telegram/login/login.js';
import { silentLog } from '../../../test/support/silent-log.js';
import type { LocalTelegram } from '../../../test/emulator/telegram.js';
import type { Env, Processes } from '../../sandbox/processes.js';
import type { Cast } from './cast.js';

/** Only while no gateway runs on these data. */
export async function logInFirst(telegram: LocalTelegram, cast: Cast, env: Env): Promise<void> {
  const settings = readSettings(env);
  const parts = { settings, clock: systemClock, log: silentLog };
  const starts: LoginStart[] = [
    { kind: 'bot', token: cast.shop.bot?.token ?? '' },
    { kind: 'phone', phone: `+${cast.owner.phone ?? ''}` },
  ];
  const installation = await openInstallation(settings, 'own');
  try {
    for (const start of starts) {
      const login = startLogin(loginDeps(parts, clientOpener(parts)), start);
      let step = await login.next();
      if (step.step === 'ask') step = await login.next(codeOf(telegram, cast));
      if (step.step !== 'done') throw step.step === 'failed' ? step.error : new Error(step.step);
      await storeConnection(installation, step, peerOf('channel', cast.group.id), Date.now());
    }
  } finally {
    await installation.close();
  }
}

/** `npm run gateway -- login …`, while the gateway runs. */
export async function logInAgain(
  { telegram, cast, env, processes }: { telegram: LocalTelegram; cast: Cast; env: Env; processes: Processes },
  which: 'bot' | 'account',
): Promise<void> {
  const group = ['--group', markedId(peerOf('channel', cast.group.id))];
  const file = 'src/cli.ts';
  if (which === 'bot') {
    const token = cast.shop.bot?.token ?? '';
    await processes.command({ name: 'login-bot', file, args: ['login', 'bot', ...group], env }, [token]);
    return;
  }
  const args = ['login', 'account', ...group, '--phone', `+${cast.owner.phone ?? ''}`];
  await processes.command({ name: 'login-account', file, args, env }, [newCode(telegram, cast)]);
}

function codeOf(telegram: LocalTelegram, cast: Cast): string {
  return telegram.logins.code(cast.owner.phone ?? '') ?? '';
}

async function newCode(telegram: LocalTelegram, cast: Cast): Promise<string> {
  for (let tries = 0; tries < 400; tries += 1) {
    const code = codeOf(telegram, cast);
    if (code !== '') return code;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no login code was asked for');
}
