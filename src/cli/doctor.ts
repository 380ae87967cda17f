/** `doctor`: one line per check on stderr, a failing one with its way out. */

import { deskTokensOf, type DeskToken } from '../app/desk-tokens.js';
import { openInstallation } from '../app/installation.js';
import { asGatewayError, type ErrorCode, type GatewayError } from '../domain/errors.js';
import { markedId, type Peer } from '../domain/ids.js';
import { openRedisQueue } from '../queue/redis.js';
import { createSessionKeys } from '../telegram/session/key.js';
import { visitAsDesk, type DeskVisit } from './desk-visit.js';
import type { CommandParts } from './parts.js';

export interface Diagnosis {
  readonly healthy: boolean;
  /** How many checks were made. */
  readonly checks: number;
  readonly failed: readonly ErrorCode[];
}

/** Runs every check that can be made and tells it. Answers the diagnosis and the first failure's exit code. */
export async function doctor(parts: CommandParts): Promise<{ diagnosis: Diagnosis; exit: number }> {
  const failures: GatewayError[] = [];
  let checks = 0;
  const check: Check = async (name, look) => {
    checks += 1;
    try {
      const [line, found] = await look();
      process.stderr.write(`✓ ${name}: ${line}\n`);
      return found;
    } catch (thrown) {
      const error = asGatewayError(thrown);
      failures.push(error);
      process.stderr.write(`✗ ${name}: ${error.message}\n`);
      return undefined;
    }
  };
  await check('Node.js', async () => [process.versions.node]);
  const groups = await check('store', () => lookAtStore(parts));
  await check('queue', async () => [await lookAtQueue(parts)]);
  for (const desk of deskTokensOf(parts.settings.secrets)) await checkDesk(check, parts, desk, groups ?? []);
  return {
    diagnosis: { healthy: failures.length === 0, checks, failed: failures.map(({ code }) => code) },
    exit: failures[0]?.meaning.exit ?? 0,
  };
}

/** Answers what the look found beside its line; undefined when it failed. */
type Check = <T>(
  name: string,
  look: () => Promise<readonly [line: string, found?: T]>,
) => Promise<T | undefined>;

async function lookAtStore({ settings }: CommandParts): Promise<[string, readonly Peer[]]> {
  const installation = await openInstallation(settings, 'join');
  try {
    const connections = await installation.store.connections.list();
    const keys = createSessionKeys(installation.store.sessions, installation.keyring);
    for (const { id } of connections) await keys.load(id);
    const groups = new Set(connections.map((connection) => connection.group));
    return [`${settings.config.store.kind}, ${connections.length} connections, their keys open`, [...groups]];
  } finally {
    await installation.close();
  }
}

async function lookAtQueue({ settings, clock, log }: CommandParts): Promise<string> {
  const { redisUrl } = settings.secrets;
  if (redisUrl === undefined) return 'in memory';
  const queue = await openRedisQueue({ url: redisUrl, clock, log });
  await queue.close();
  return 'Redis answers and never evicts';
}

/** One visit: the bot itself, then each group as it sees it. */
async function checkDesk(
  check: Check,
  parts: CommandParts,
  desk: DeskToken,
  groups: readonly Peer[],
): Promise<void> {
  const look = async (visit: DeskVisit): Promise<void> => {
    await check('Telegram', async () => [`knows ${visit.name}`]);
    for (const group of groups) {
      const mayOpen = async () => `${visit.name} may open topics in "${await visit.checkGroup(group)}"`;
      await check(`group ${markedId(group)}`, async () => [await mayOpen()]);
    }
  };
  try {
    await visitAsDesk(parts, desk, look);
  } catch (error) {
    await check('Telegram', async () => {
      throw error;
    });
  }
}
