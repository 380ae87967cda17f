/** `login bot` and `login account`: a session of our own beside the one that runs already, linked to a backend group. */

import { storeConnection } from '../app/connect.js';
import { deskTokensOf } from '../app/desk-tokens.js';
import { openInstallation } from '../app/installation.js';
import { clientOpener, loginDeps } from '../app/telegram.js';
import type { Connection } from '../domain/connection.js';
import { GatewayError } from '../domain/errors.js';
import { markedId, peerFromMarked, type Peer } from '../domain/ids.js';
import { withScope } from '../runtime/scope.js';
import { logOutAt } from '../telegram/fleet/logout.js';
import { startLogin, type LoggedIn, type LoginStart } from '../telegram/login/login.js';
import { visitAsDesk } from './desk-visit.js';
import { driveLogin } from './drive-login.js';
import type { CommandParts } from './parts.js';
import { openPrompt, type Prompt } from './prompt.js';

export interface Connected {
  readonly connection: string;
  readonly peer: string;
  readonly group: string;
}

/**
 * Answers what the command prints. Nothing is written before the login is whole, and Ctrl-C until then leaves nothing behind:
 * LOGIN_CANCELLED.
 */
export async function login(parts: CommandParts, start: LoginStart, groupId: string): Promise<Connected> {
  const group = groupOf(groupId);
  let connected: Connected | undefined;
  await withScope(parts, async (scope) => {
    const { signal } = scope;
    const prompt = await scope.open('prompt', openPrompt, (opened) => opened.close());
    signal.addEventListener('abort', () => prompt.close());
    try {
      connected = await connect({ ...parts, signal }, prompt, start, group);
    } catch (error) {
      throw signal.aborted ? new GatewayError('LOGIN_CANCELLED') : error;
    }
  });
  // A signal that came when everything was stored already comes too late.
  if (connected === undefined) throw new GatewayError('LOGIN_CANCELLED');
  return connected;
}

async function connect(
  parts: CommandParts & { readonly signal: AbortSignal },
  prompt: Prompt,
  start: LoginStart,
  group: Peer,
): Promise<Connected> {
  // Everything that can be refused is refused before the person is asked for a code.
  await (await openInstallation(parts.settings, 'join')).close();
  for (const desk of deskTokensOf(parts.settings.secrets)) {
    const title = await visitAsDesk(parts, desk, (visit) => visit.checkGroup(group));
    prompt.tell(`Backend group: ${title}`);
  }
  parts.signal.throwIfAborted();
  const machine = startLogin(loginDeps(parts, clientOpener(parts)), start);
  parts.signal.addEventListener('abort', () => void machine.cancel());
  const who = await driveLogin(machine, prompt, process.stdin.isTTY);
  const connection = await keep(parts, who, group).catch(async (error: unknown) => {
    await abandon(parts, who);
    throw error;
  });
  prompt.tell(`Connected: ${connection.name}. The running gateway takes it over within seconds.`);
  return { connection: connection.id, peer: connection.peer, group: markedId(group) };
}

/** The store is opened anew: while the person looked for the code, another process may have come or gone. */
async function keep(parts: CommandParts, who: LoggedIn, group: Peer): Promise<Connection> {
  const { settings, clock, signal } = parts;
  signal?.throwIfAborted();
  const desks = [settings.secrets.serviceBotToken, ...settings.secrets.deskBotTokens];
  if (desks.some((token) => token.startsWith(`${who.userId}:`))) {
    throw new GatewayError('USAGE', 'This bot serves the backend groups; a connection needs another one.');
  }
  const installation = await openInstallation(settings, 'join');
  try {
    return await storeConnection(installation, who, group, clock.now());
  } finally {
    await installation.close();
  }
}

/** Nobody would know of the session that has just been made. */
async function abandon(parts: CommandParts, { dc, authKey }: LoggedIn): Promise<void> {
  const client = clientOpener(parts)({ dc, authKey });
  await logOutAt(client).catch(() => undefined);
  await client.close();
}

function groupOf(text: string): Peer {
  const peer = peerFromMarked(text);
  if (peer?.startsWith('channel:') !== true) {
    throw new GatewayError(
      'USAGE',
      'A group id looks like -1002000000001; the group must be a supergroup with topics.',
    );
  }
  return peer;
}
