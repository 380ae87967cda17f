import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Queue } from '../../../src/ports/queue.js';
import { openRedisQueue } from '../../../src/queue/redis.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { hasRedisServer, startRedisServer, type RedisServer } from '../../support/redis-server.js';
import { silentLog } from '../../support/silent-log.js';
import { describeQueue } from './suite.js';

const givenUrl = process.env['REDIS_URL'];

describe('contract/queue on BullMQ and Redis', () => {
  let server: RedisServer | undefined;
  let url = '';
  let prefix = '';
  let opened: Queue[] = [];

  before(async function () {
    if (givenUrl === undefined && !hasRedisServer) {
      process.stdout.write('redis: not run (set REDIS_URL, or put redis-server on the PATH)\n');
      this.skip();
    }
    if (givenUrl === undefined) server = await startRedisServer();
    url = givenUrl ?? server?.url ?? '';
  });

  beforeEach(() => {
    prefix = `understudy-test-${randomUUID()}`;
  });

  afterEach(async () => {
    await Promise.all(opened.map((queue) => queue.close()));
    opened = [];
    if (givenUrl !== undefined) await forget(givenUrl, prefix);
  });

  after(() => server?.stop());

  describeQueue({
    clock: systemClock,
    async open() {
      const queue = await openRedisQueue({
        url,
        prefix,
        clock: systemClock,
        log: silentLog,
        retryDelayMs: (failures) => 20 * failures,
      });
      opened.push(queue);
      return queue;
    },
    async until(condition) {
      const endMs = systemClock.now() + 10_000;
      while (!(await condition())) {
        if (systemClock.now() > endMs) throw new Error('the condition did not come true in ten seconds');
        await systemClock.sleep(5);
      }
    },
  });
});

/** A given Redis is left as it was found. */
async function forget(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}
