/** A Redis as production has it: append-only file, nothing evicted, its data outlive a kill. */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../../test/support/redis-server.js';
import type { ProcessSwitch } from '../stage/switch.js';
import { nativeSwitch } from './native.js';

export interface LivingRedis extends ProcessSwitch {
  readonly url: string;
  /** FLUSHALL: jobs, locks, everything. */
  flush(): Promise<void>;
}

/** Undefined: there is no redis-server on the PATH. */
export function redisVersion(): string | undefined {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/v=(\S+)/.exec(stdout)?.[1] ?? 'of an unknown version') : undefined;
}

export async function openRedis(directory: string): Promise<LivingRedis> {
  const data = join(directory, 'redis-data');
  mkdirSync(data);
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: data,
    save: '',
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
  };
  const running = nativeSwitch({
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    readyText: 'Ready to accept connections',
    logFile: join(directory, 'redis.log'),
  });
  await running.start();
  return {
    ...running,
    get alive() {
      return running.alive;
    },
    url,
    async flush() {
      const client = new Redis(url);
      await client.flushall();
      client.disconnect();
    },
  };
}
