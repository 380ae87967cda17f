/** A database and a Redis for one match, as processes of their own. */

import { readFileSync } from 'node:fs';
import { openDatabase } from '../faults/services/database.js';
import { openRedis } from '../faults/services/redis.js';
import { secretKeys } from '../faults/stage/settings.js';
import { Processes } from '../sandbox/processes.js';

export interface Services {
  readonly env: Readonly<Record<string, string>>;
  /** Microseconds of CPU since they began; not a number where the machine does not tell, or the database runs elsewhere. */
  cpuUs(): ServicesCost;
  close(): Promise<void>;
}

export interface ServicesCost {
  readonly database: number;
  readonly redis: number;
}

const living = new Set<Services>();

/** Ends what a failed measure left behind. */
export async function closeServices(): Promise<void> {
  await Promise.all([...living].map((one) => one.close()));
}

export async function openServices(directory: string): Promise<Services> {
  const processes = new Processes(directory);
  const redis = await openRedis(directory);
  const database = await openDatabase(processes, directory);
  const services: Services = {
    env: { MONGODB_URL: database.url, REDIS_URL: redis.url, SECRET_KEYS: secretKeys },
    cpuUs: () => ({ database: cpuUsOf(database.process?.pid()), redis: cpuUsOf(redis.pid()) }),
    async close() {
      if (!living.delete(services)) return;
      await database.drop().catch(() => undefined);
      await processes.close();
      await database.process?.kill();
      await redis.kill();
    },
  };
  living.add(services);
  return services;
}

/** Linux counts in hundredths of a second, whatever its own clock does. */
const tickUs = 10_000;

/** User and system time of a process and all its threads. */
function cpuUsOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
    // After the name in parentheses, which may hold anything: fields 14 and 15 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickUs;
  } catch {
    return NaN;
  }
}
