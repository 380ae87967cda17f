import { accountOf, type Act, type Ask } from '../act.js';
import { ControlError } from '../input.js';

/** A person's phone at a login. */
export const LOGIN: Readonly<Record<string, Act>> = { acceptLogin };

/** `user` scans the QR code `url` (tg://login?token=…) with a device that is logged in. */
function acceptLogin(ask: Ask) {
  const { id, bot } = accountOf(ask, 'user');
  const shown = /^tg:\/\/login\?token=([\w-]+=*)$/.exec(ask.input.text('url'))?.[1];
  if (shown === undefined || bot) {
    throw new ControlError(
      'acceptLogin needs a person as "user" and a "url" of the form tg://login?token=….',
    );
  }
  const { logins, server, world } = ask.telegram;
  const token = logins.token(Buffer.from(shown, 'base64url'));
  token.userId = id;
  server.pushTo(token.authKeyId, {
    _: 'updateShort',
    update: { _: 'updateLoginToken' },
    date: world.now(),
  });
  return { user: id };
}
