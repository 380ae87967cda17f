import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { GatewayError } from '../../src/domain/errors.js';
import type { JobAnswer, JobHandler, Queue } from '../../src/ports/queue.js';
import type { Log } from '../../src/ports/runtime.js';
import { openRedisQueue, type RedisQueueOptions } from '../../src/queue/redis.js';
import { systemClock as clock } from '../../src/runtime/clock.js';
import { freePort, hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.js';
import { silentLog } from '../support/silent-log.js';

const done = async (): Promise<JobAnswer> => 'done';

async function errorOf(run: Promise<unknown>): Promise<GatewayError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayError) return error;
  throw new Error('no GatewayError was thrown', { cause: error });
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = clock.now() + 15_000;
  while (!condition()) {
    if (clock.now() > endMs) throw new Error('the condition did not come true in fifteen seconds');
    await clock.sleep(10);
  }
}

describe('queue/redis', () => {
  let servers: RedisServer[] = [];
  let queues: Queue[] = [];

  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
    await Promise.all(servers.map((server) => server.stop()));
    [queues, servers] = [[], []];
  });

  async function serve(options?: string[], port?: number): Promise<RedisServer> {
    const server = await startRedisServer(options, port);
    servers.push(server);
    return server;
  }

  async function open(url: string, more: Partial<RedisQueueOptions> = {}): Promise<Queue> {
    const queue = await openRedisQueue({ url, prefix: 'understudy', clock, log: silentLog, ...more });
    queues.push(queue);
    return queue;
  }

  async function start(queue: Queue, handler: JobHandler): Promise<Queue> {
    queue.work('deliver', handler, { concurrency: 2 });
    queue.work('deliver-media', done, { concurrency: 1 });
    await queue.start();
    return queue;
  }

  it('O1 an address where nothing listens is REDIS_UNREACHABLE at once, and the message keeps the password', async () => {
    const port = await freePort();
    const error = await errorOf(open(`redis://:hunter2@127.0.0.1:${port}`));
    expect(error.code).to.equal('REDIS_UNREACHABLE');
    expect(error.message).to.include(`127.0.0.1:${port}: ECONNREFUSED`).and.not.include('hunter2');
  });

  it('O1 a server that accepts and says nothing is REDIS_UNREACHABLE within seconds', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    try {
      await once(mute, 'listening');
      const { port } = mute.address() as { port: number };
      const begun = clock.now();
      const error = await errorOf(open(`redis://127.0.0.1:${port}`));
      expect(error.code).to.equal('REDIS_UNREACHABLE');
      expect(clock.now() - begun).to.be.below(10_000);
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
    }
  });

  describe('with a server', () => {
    before(function () {
      if (hasRedisServer) return;
      process.stdout.write('redis: not run (put redis-server on the PATH)\n');
      this.skip();
    });

    it('O1 a Redis that may evict jobs is refused with the command that mends it', async () => {
      const { url } = await serve(['--maxmemory-policy', 'allkeys-lru']);
      const error = await errorOf(open(url));
      expect(error.code).to.equal('CONFIG_INVALID');
      expect(error.message).to.match(/allkeys-lru.*redis-cli CONFIG SET maxmemory-policy noeviction/);
    });

    it('O1 a missing or wrong password and a wrong database are refused in words, without the password', async () => {
      const { port } = await serve(['--requirepass', 'correct']);
      const anyone = await serve();
      for (const url of [
        `redis://127.0.0.1:${port}`,
        `redis://:hunter2@127.0.0.1:${port}`,
        `${anyone.url}/99`,
      ]) {
        const error = await errorOf(open(url));
        expect(error.code, url).to.equal('CONFIG_INVALID');
        expect(error.message).to.include('REDIS_URL').and.not.include('hunter2');
      }
      const queue = await open(`redis://:correct@127.0.0.1:${port}/3`);
      await queue.add({ kind: 'deliver', id: 'a', data: {} });
    });

    it('O4 during an outage adding is refused within seconds, and afterwards the workers go on by themselves', async () => {
      const server = await serve();
      const events: string[] = [];
      const note = (event: string) => void events.push(event);
      const log: Log = { ...silentLog, error: note, info: note };
      const seen: string[] = [];
      const queue = await start(await open(server.url, { log }), async ({ id }) => {
        seen.push(id);
        return 'done';
      });
      await queue.add({ kind: 'deliver', id: 'a', data: {} });
      await until(() => seen.length === 1);
      await server.stop();
      const begun = clock.now();
      const error = await errorOf(queue.add({ kind: 'deliver', id: 'b', data: {} }));
      expect(error.code).to.equal('REDIS_UNREACHABLE');
      expect(clock.now() - begun).to.be.below(6_000);
      await serve([], server.port);
      await until(() => events.includes('redis-back'));
      await queue.add({ kind: 'deliver', id: 'b', data: {} });
      await until(() => seen.length === 2);
      expect(events).to.deep.equal(['redis-lost', 'redis-back']);
    });

    it('O4 a queue closes also while Redis is away', async () => {
      const server = await serve();
      const queue = await start(await open(server.url), done);
      await server.stop();
      const begun = clock.now();
      await queue.close();
      expect(clock.now() - begun).to.be.below(7_000);
    });

    it('V1 what a handler throws never reaches Redis', async () => {
      const { url } = await serve();
      let failed = 0;
      const queue = await start(await open(url, { retryDelayMs: () => 10 }), async () => {
        if (++failed < 3) throw new RangeError('the client wrote: hello', { cause: 'hello' });
        return { again: 60_000 };
      });
      await queue.add({ kind: 'deliver', id: 'a', data: { lane: 'c7-user-5' } });
      await until(() => failed === 3);
      const redis = new Redis(url);
      try {
        const dumps = await Promise.all(
          (await redis.keys('*')).map(async (key) =>
            (await redis.type(key)) === 'hash' ? Object.values(await redis.hgetall(key)) : [],
          ),
        );
        const text = JSON.stringify([dumps, await redis.xrange('understudy:deliver:events', '-', '+')]);
        expect(text).to.include('c7-user-5').and.include('Something unexpected').and.not.include('hello');
      } finally {
        redis.disconnect();
      }
    });

    it('C6 two processes share the jobs, each done once; a pause holds for both', async () => {
      const { url } = await serve();
      const seen: string[] = [];
      const note: JobHandler = async ({ id }) => {
        seen.push(id);
        return 'done';
      };
      const one = await start(await open(url), note);
      const two = await start(await open(url), note);
      const ids = Array.from({ length: 50 }, (_, n) => `j${n}`);
      await one.addMany(ids.map((id) => ({ kind: 'deliver', id, data: {} })));
      await until(() => seen.length >= 50);
      expect(new Set(seen).size).to.equal(50);
      await two.pause('deliver');
      await one.add({ kind: 'deliver', id: 'later', data: {} });
      expect(await two.counts('deliver')).to.deep.equal({ waiting: 1, active: 0, delayed: 0 });
      await one.resume('deliver');
      await until(() => seen.length >= 51);
      expect(seen.slice(50)).to.deep.equal(['later']);
    });

    it('O4 a job survives the process that added it', async () => {
      const { url } = await serve();
      const first = await open(url);
      await first.addMany([
        { kind: 'deliver', id: 'a', data: {} },
        { kind: 'deliver', id: 'b', data: {}, delayMs: 50 },
      ]);
      await first.close();
      const seen: string[] = [];
      await start(await open(url), async ({ id }) => {
        seen.push(id);
        return 'done';
      });
      await until(() => seen.length === 2);
    });

    it('M1 a job in the hands of a process that is killed comes to another one', async () => {
      const { url } = await serve();
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', fileURLToPath(new URL('hanging-worker.ts', import.meta.url)), url],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      try {
        const queue = await open(url, { lockMs: 600 });
        await queue.add({ kind: 'deliver', id: 'a', data: {} });
        await once(child.stdout, 'data');
        child.kill('SIGKILL');
        const seen: [string, number][] = [];
        await start(queue, async ({ id, failures }) => {
          seen.push([id, failures]);
          return 'done';
        });
        await until(() => seen.length === 1);
        expect(seen).to.deep.equal([['a', 0]]);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
});
