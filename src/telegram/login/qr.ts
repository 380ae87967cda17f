/** A personal account by a QR code that a logged-in device scans. https://core.telegram.org/api/qr-login */

import type { tl } from '@mtcute/tl';

import type { OpenStep, Walk } from './ask.js';
import type { LoginLine } from './line.js';
import { passwordWalk } from './password.js';

/** Clocks differ: a code is shown at least and at most this long, whatever the expiry date says. */
const minShownMs = 5_000;
const maxShownMs = 60_000;

export async function* qrWalk(line: LoginLine): Walk {
  for (;;) {
    // Armed before asking: the scan may be reported before the answer is read.
    const scanned = new Promise<void>((resolve) => (line.onLoginToken = resolve));
    const answer = await line.attempt(
      { _: 'auth.exportLoginToken', apiId: line.deps.api.id, apiHash: line.deps.api.hash, exceptIds: [] },
      ['SESSION_PASSWORD_NEEDED', 'AUTH_TOKEN_EXPIRED'],
    );
    const token = await followed(line, answer);
    if (token === 'password') return yield* passwordWalk(line);
    if (token === 'expired') continue;
    if (token._ === 'auth.loginTokenSuccess') return token.authorization;
    yield shown(token);
    await shownOut(line, scanned, token.expires * 1000);
  }
}

type Answer = { readonly result: tl.auth.TypeLoginToken } | { readonly refused: string };
type Followed = tl.auth.RawLoginToken | tl.auth.RawLoginTokenSuccess | 'password' | 'expired';

/** Where the scanning account lives at another data centre, the token is redeemed there. */
async function followed(line: LoginLine, answer: Answer): Promise<Followed> {
  if ('refused' in answer) return answer.refused === 'SESSION_PASSWORD_NEEDED' ? 'password' : 'expired';
  if (answer.result._ !== 'auth.loginTokenMigrateTo') return answer.result;
  await line.moveTo(answer.result.dcId);
  return followed(
    line,
    await line.attempt({ _: 'auth.importLoginToken', token: answer.result.token }, [
      'SESSION_PASSWORD_NEEDED',
      'AUTH_TOKEN_EXPIRED',
    ]),
  );
}

function shown(token: tl.auth.RawLoginToken): OpenStep {
  return {
    step: 'show',
    what: 'qr',
    url: `tg://login?token=${Buffer.from(token.token).toString('base64url')}`,
    expiresAt: token.expires * 1000,
  };
}

/** Ends when somebody scanned the code, when it has to be shown anew, or when the login is given up. */
async function shownOut(line: LoginLine, scanned: Promise<void>, expiresAt: number): Promise<void> {
  const done = new AbortController();
  const ms = Math.min(maxShownMs, Math.max(minShownMs, expiresAt - line.deps.clock.now()));
  await Promise.race([scanned, line.deps.clock.sleep(ms, AbortSignal.any([done.signal, line.signal]))]);
  done.abort();
}
