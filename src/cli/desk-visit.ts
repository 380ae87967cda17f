/** Looks at Telegram as a desk bot, by a session of its own that ends at once: the living desk session is left alone. */

import { namingToken, type DeskToken } from '../app/desk-tokens.js';
import { clientOpener, loginDeps } from '../app/telegram.js';
import { GatewayError } from '../domain/errors.js';
import { deskId, type Peer } from '../domain/ids.js';
import { startLogin, type LoggedIn } from '../telegram/login/login.js';
import { createGroupCheck } from '../telegram/peers/group-check.js';
import { createPeerDirectory } from '../telegram/peers/peer-directory.js';
import type { CallingSession } from '../telegram/peers/session.js';
import type { Client } from '../telegram/rpc/client.js';
import type { CommandParts } from './parts.js';

export interface DeskVisit {
  readonly name: string;
  /** The group's title. Throws GROUP_UNKNOWN, GROUP_NOT_FORUM, GROUP_RIGHTS. */
  checkGroup(group: Peer): Promise<string>;
  /** How far Telegram's clock is ahead of `now` (unix ms), to about a second. */
  aheadMs(now: () => number): Promise<number>;
}

const farewellMs = 5_000;

/** Logs in by the token, looks, logs out. Throws DESK_TOKEN_INVALID, TELEGRAM_UNREACHABLE, FLOOD_WAIT and what `look` throws. */
export async function visitAsDesk<T>(
  parts: CommandParts,
  desk: DeskToken,
  look: (visit: DeskVisit) => Promise<T>,
): Promise<T> {
  const openClient = clientOpener(parts);
  const who = await logIn(parts, desk);
  const client = openClient({ dc: who.dc, authKey: who.authKey });
  try {
    return await look(visitOf(client, who));
  } finally {
    await client.call({ _: 'auth.logOut' }, { deadlineMs: farewellMs }).catch(() => undefined);
    await client.close();
  }
}

async function logIn(parts: CommandParts, desk: DeskToken): Promise<LoggedIn> {
  const login = startLogin(loginDeps(parts, clientOpener(parts)), { kind: 'bot', token: desk.token });
  const step = await login.next();
  if (step.step === 'done') return step;
  await login.cancel();
  const error = step.step === 'failed' ? step.error : new GatewayError('BOT_TOKEN_INVALID');
  throw namingToken(error, desk);
}

function visitOf(client: Client, { userId, name, username }: LoggedIn): DeskVisit {
  const owner = deskId(userId);
  const session: CallingSession = {
    owner,
    kind: 'bot',
    call: (method, options) => client.call(method, options),
    mediaLink: (dc) => client.mediaLink(dc),
    resync: async () => undefined,
  };
  const peers = createPeerDirectory({
    peers: { save: async () => undefined, get: async () => undefined },
    sessionOf: () => session,
  });
  const groups = createGroupCheck(peers);
  return {
    name: username === undefined ? name : `@${username}`,
    checkGroup: (group) => groups.checkGroup(owner, group),
    async aheadMs(now) {
      const askedAt = now();
      const { date } = await client.call({ _: 'help.getConfig' });
      // Whole seconds, cut off.
      return date * 1000 + 500 - (askedAt + now()) / 2;
    },
  };
}
