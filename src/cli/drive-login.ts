/** Walks a login's steps with a person at the terminal or a pipe. A person may try again; a pipe has one answer for each question. */

import { renderUnicodeCompact } from 'uqr';
import { GatewayError } from '../domain/errors.js';
import type { LoggedIn, Login, Step } from '../telegram/login/login.js';
import type { Prompt } from './prompt.js';

const questions = {
  token: 'Bot token (from @BotFather): ',
  phone: 'Phone number with country code: ',
  code: 'Login code: ',
  password: 'Two-step verification password: ',
} as const;

const hidden: ReadonlySet<string> = new Set(['token', 'password']);

/** How often a person may mistype one thing. */
const tries = 3;

/** Answers who has logged in. Throws what the login failed with, or what was wrong when the tries are used up. */
export async function driveLogin(login: Login, prompt: Prompt, interactive: boolean): Promise<LoggedIn> {
  const wrong = new Map<string, number>();
  try {
    let step = await login.next();
    for (;;) {
      if (step.step === 'done') return step;
      if (step.step === 'failed') throw step.error;
      step =
        step.step === 'show'
          ? await show(login, prompt, step.url)
          : await answer(login, prompt, step, wrong, interactive);
    }
  } finally {
    await login.cancel();
  }
}

async function show(login: Login, prompt: Prompt, url: string): Promise<Step> {
  prompt.tell(renderUnicodeCompact(url));
  prompt.tell(
    'Scan it with the Telegram app: Settings, Devices, Link Desktop Device. It is renewed until somebody does.',
  );
  return login.next();
}

async function answer(
  login: Login,
  prompt: Prompt,
  step: Extract<Step, { step: 'ask' }>,
  wrong: Map<string, number>,
  interactive: boolean,
): Promise<Step> {
  if (step.error !== undefined) {
    const count = (wrong.get(step.what) ?? 0) + 1;
    wrong.set(step.what, count);
    if (!interactive || count >= tries)
      throw step.failure ?? new GatewayError('TELEGRAM_REFUSED', step.error);
    prompt.tell(step.error);
  }
  if (step.hint !== undefined) prompt.tell(step.hint);
  return login.next(await prompt.ask(questions[step.what], hidden.has(step.what)));
}
