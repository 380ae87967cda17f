/** What `npm start` makes sure of before it opens anything. `doctor` tells the same in sentences, and more. */

import type { Settings } from '../config/settings.js';
import { directoryFacts } from '../embedded/index.js';
import { connectDatabase, openingError } from '../mongo/connect.js';
import { readServerFacts } from '../mongo/server-facts.js';
import type { Clock, Log } from '../ports/runtime.js';
import { readRedisFacts } from '../queue/redis-facts.js';
import type { Finding } from './finding.js';
import { judgeDirectory, judgeNode } from './machine.js';
import { judgeMongo } from './mongodb.js';
import { judgeRedis } from './redis.js';

export interface CheckParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Logs each warning by name and throws the first fatal finding's error, or that a server cannot be reached. */
export async function checkBeforeStart(parts: CheckParts): Promise<void> {
  for (const look of [machineFindings, mongoFindings, redisFindings]) {
    for (const finding of await look(parts)) {
      if (finding.level === 'fatal') throw finding.error;
      if (finding.level === 'warning') parts.log.warn(finding.event);
    }
  }
}

export async function machineFindings({ settings }: CheckParts): Promise<Finding[]> {
  const node = judgeNode(process.versions.node);
  const { store, dataDir } = settings.config;
  if (store.kind !== 'embedded') return [node];
  return [node, ...judgeDirectory(dataDir, await directoryFacts(dataDir))];
}

/** None without MONGODB_URL. Throws MONGODB_UNREACHABLE, CONFIG_INVALID. */
export async function mongoFindings({ settings, clock }: CheckParts): Promise<Finding[]> {
  const { mongodbUrl } = settings.secrets;
  if (mongodbUrl === undefined) return [];
  const { db, hosts, close } = await connectDatabase(mongodbUrl);
  try {
    const facts = await readServerFacts(db, () => clock.now());
    return judgeMongo(facts, hosts, settings.config.processes);
  } catch (error) {
    throw openingError(error, hosts);
  } finally {
    await close();
  }
}

/** None without REDIS_URL. Throws REDIS_UNREACHABLE, CONFIG_INVALID. */
export async function redisFindings({ settings, clock, log }: CheckParts): Promise<Finding[]> {
  const { redisUrl } = settings.secrets;
  if (redisUrl === undefined) return [];
  return judgeRedis(await readRedisFacts(redisUrl, log, () => clock.now()));
}
