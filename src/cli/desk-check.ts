/** Looks at a group through the service bot, by a session of its own that ends at once: the living desk session is left alone. */

import type { Settings } from '../config/settings.js';
import { deskId, type Peer } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import { clientOpener, loginDeps } from '../app/telegram.js';
import { startLogin } from '../telegram/login/login.js';
import { createGroupCheck } from '../telegram/peers/group-check.js';
import { createPeerDirectory } from '../telegram/peers/peer-directory.js';
import type { CallingSession } from '../telegram/peers/session.js';
import { GatewayError } from '../domain/errors.js';

/** The group's title. Throws GROUP_UNKNOWN, GROUP_NOT_FORUM, GROUP_RIGHTS, BOT_TOKEN_INVALID, TELEGRAM_UNREACHABLE. */
export async function checkGroup(settings: Settings, clock: Clock, log: Log, group: Peer): Promise<string> {
  const { secrets } = settings;
  const token = secrets.deskBotTokens[0] ?? secrets.serviceBotToken;
  const parts = { settings, clock, log };
  const openClient = clientOpener(parts);
  const step = await startLogin(loginDeps(parts, openClient), { kind: 'bot', token }).next();
  if (step.step === 'failed') throw step.error;
  if (step.step !== 'done') throw new GatewayError('BOT_TOKEN_INVALID');
  const client = openClient({ dc: step.dc, authKey: step.authKey });
  try {
    const owner = deskId(step.userId);
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
    return await createGroupCheck(peers).checkGroup(owner, group);
  } finally {
    await client.call({ _: 'auth.logOut' }).catch(() => undefined);
    await client.close();
  }
}
