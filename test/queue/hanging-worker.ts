/** A process that takes a job and never ends it; redis.test.ts kills it. Its argument is the address of Redis. */

import { openRedisQueue } from '../../src/queue/redis.js';
import { systemClock } from '../../src/runtime/clock.js';
import { silentLog } from '../support/silent-log.js';

const queue = await openRedisQueue({
  url: process.argv[2] ?? '',
  prefix: 'understudy',
  clock: systemClock,
  log: silentLog,
  lockMs: 600,
});
queue.work(
  'deliver',
  ({ id }) => {
    process.stdout.write(id);
    return new Promise(() => undefined);
  },
  { concurrency: 1 },
);
queue.work('deliver-media', async () => 'done', { concurrency: 1 });
await queue.start();
