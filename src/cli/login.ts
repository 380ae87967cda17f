/** `login bot` and `login account`: a session of our own beside the one that runs already, linked to a backend group. */

import { storeConnection } from '../app/connect.js';
import { openInstallation } from '../app/installation.js';
import { clientOpener, loginDeps } from '../app/telegram.js';
import type { Settings } from '../config/settings.js';
import { GatewayError } from '../domain/errors.js';
import { markedId, peerFromMarked, type Peer } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import { startLogin, type LoginStart } from '../telegram/login/login.js';
import { checkGroup } from './desk-check.js';
import { driveLogin } from './drive-login.js';
import { openPrompt } from './prompt.js';

interface Parts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers what the command prints. Nothing is written before the login is whole. */
export async function login(
  parts: Parts,
  start: LoginStart,
  groupId: string,
): Promise<{ connection: string; peer: string; group: string }> {
  const group = groupOf(groupId);
  const title = await checkGroup(parts.settings, parts.clock, parts.log, group);
  const installation = await openInstallation(parts.settings, 'join');
  const prompt = openPrompt();
  try {
    prompt.tell(`Backend group: ${title}`);
    const machine = startLogin(loginDeps(parts, clientOpener(parts)), start);
    const who = await driveLogin(machine, prompt, process.stdin.isTTY);
    const wanted = start.kind === 'bot' ? 'bot' : 'account';
    if (who.kind !== wanted)
      throw new GatewayError('USAGE', `This is a ${who.kind}; use \`login ${who.kind}\`.`);
    const connection = await storeConnection(installation, who, group, parts.clock.now());
    prompt.tell(`Connected: ${connection.name}. The running gateway takes it over within seconds.`);
    return { connection: connection.id, peer: connection.peer, group: markedId(group) };
  } finally {
    prompt.close();
    await installation.close();
  }
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
