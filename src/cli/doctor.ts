/** `doctor`: one line per check on stderr, with the way out; the first failure's exit code. */

import { openInstallation } from '../app/installation.js';
import type { Settings } from '../config/settings.js';
import { asGatewayError, GatewayError } from '../domain/errors.js';
import type { Clock, Log } from '../ports/runtime.js';
import { openRedisQueue } from '../queue/redis.js';
import { createSessionKeys } from '../telegram/session/key.js';
import { checkGroup } from './desk-check.js';

interface Check {
  readonly name: string;
  readonly run: () => Promise<string>;
}

/** Runs every check; throws the first failure after all have been told. */
export async function doctor(parts: {
  settings: Settings;
  clock: Clock;
  log: Log;
}): Promise<{ healthy: true; checks: number }> {
  const { settings, clock, log } = parts;
  const checks: Check[] = [
    { name: 'Node.js', run: async () => process.versions.node },
    { name: 'store', run: () => checkStore(settings) },
    { name: 'queue', run: () => checkQueue(settings, clock, log) },
    ...(await groupChecks(parts)),
  ];
  let first: GatewayError | undefined;
  for (const check of checks) {
    const line = await check.run().catch((thrown: unknown) => {
      const error = asGatewayError(thrown);
      first ??= error;
      return error;
    });
    process.stderr.write(
      line instanceof GatewayError ? `✗ ${check.name}: ${line.message}\n` : `✓ ${check.name}: ${line}\n`,
    );
  }
  if (first !== undefined) throw first;
  return { healthy: true, checks: checks.length };
}

async function checkStore(settings: Settings): Promise<string> {
  const installation = await openInstallation(settings, 'join');
  try {
    const connections = await installation.store.connections.list();
    const keys = createSessionKeys(installation.store.sessions, installation.keyring);
    for (const { id } of connections) await keys.load(id);
    return `${settings.config.store.kind}, ${connections.length} connections, their keys open`;
  } finally {
    await installation.close();
  }
}

async function checkQueue({ secrets }: Settings, clock: Clock, log: Log): Promise<string> {
  if (secrets.redisUrl === undefined) return 'memory';
  const queue = await openRedisQueue({ url: secrets.redisUrl, clock, log });
  await queue.close();
  return 'Redis answers and never evicts';
}

/** One check for each backend group; where the store does not open, that is told by its own check. */
async function groupChecks({
  settings,
  clock,
  log,
}: {
  settings: Settings;
  clock: Clock;
  log: Log;
}): Promise<Check[]> {
  const installation = await openInstallation(settings, 'join').catch(() => undefined);
  if (installation === undefined) return [];
  const connections = await installation.store.connections.list();
  await installation.close();
  const groups = new Set(connections.map((connection) => connection.group));
  return [...groups].map((group) => ({
    name: `group ${group}`,
    run: () => checkGroup(settings, clock, log, group),
  }));
}
