import type { Handler, Handlers } from '../mtproto/server.js';
import { signed, type Desk, type Open, type Signed } from './ask.js';
import { BOTS } from './methods/bots.js';
import { CHANNELS } from './methods/channels.js';
import { FILES } from './methods/files.js';
import { HELP } from './methods/help.js';
import { HISTORY } from './methods/history.js';
import { LOGIN } from './methods/login.js';
import { MESSAGES } from './methods/messages.js';
import { QR_LOGIN } from './methods/qr-login.js';
import { SENDING } from './methods/sending.js';
import { TOPICS } from './methods/topics.js';
import { UPDATES } from './methods/updates.js';
import { USERS } from './methods/users.js';
import { requirePermitted } from './permissions.js';

const OPEN: Readonly<Record<string, Open>> = { ...HELP, ...LOGIN, ...QR_LOGIN };
const SIGNED: Readonly<Record<string, Signed>> = {
  ...USERS,
  ...BOTS,
  ...CHANNELS,
  ...SENDING,
  ...MESSAGES,
  ...HISTORY,
  ...TOPICS,
  ...UPDATES,
  ...FILES,
};

/** Every method that this Telegram answers, bound to one desk. The server says "not implemented" to the rest. */
export function handlers(desk: Desk): Handlers {
  const { world } = desk;
  const open = Object.entries(OPEN).map(([name, method]): [string, Handler] => [
    name,
    (caller, request) => method({ desk, world, caller, request }),
  ]);
  const closed = Object.entries(SIGNED).map(([name, method]): [string, Handler] => [
    name,
    (caller, request) => {
      const ask = signed({ desk, world, caller, request });
      requirePermitted(ask.self, name);
      return method(ask);
    },
  ]);
  return Object.fromEntries([...open, ...closed]);
}
