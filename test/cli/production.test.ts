import { expect } from 'chai';
import { chmodSync, mkdirSync } from 'node:fs';
import { openAlteringProxy } from '../support/altering-proxy.js';
import { hasRedisServer, startRedisServer } from '../support/redis-server.js';
import { answerOf, expectRefused } from './endings.js';
import { openPlace, secretKey, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway, type Env } from './process.js';

describe('What a start makes sure of in production', function () {
  this.timeout(120_000);
  let place: Place;
  let database: { readonly port: number };
  let env: Env;
  before(async () => {
    place = await openPlace();
    const store = runCommand(
      ['store', '--listen', '127.0.0.1:0', '--data', place.env().DATA_DIR],
      place.env(),
    );
    await ready(store);
    const { url } = JSON.parse(store.stdout()) as { url: string };
    database = { port: Number(new URL(url).port) };
    env = place.env({ SECRET_KEYS: secretKey(), MONGODB_URL: url });
  });
  after(async () => {
    await killPrograms();
    await place.close();
  });

  it('O3 a MongoDB without a replica set stops the start with one sentence and code 2, and doctor says the same', async () => {
    const alone = { from: Buffer.from('setName\0'), to: Buffer.from('xetName\0') };
    const proxy = await openAlteringProxy(database.port, [alone]);
    try {
      const wrong = { ...env, MONGODB_URL: `mongodb://127.0.0.1:${proxy.port}/understudy` };
      const sentence =
        /^MongoDB at 127\.0\.0\.1:\d+ is no replica set, .* start it with --replSet rs0 and run /;
      expectRefused(await runGateway(wrong).ended, { code: 2, sentence });
      const doctor = await runCommand(['doctor'], wrong).ended;
      expect(doctor.code).to.equal(2);
      expect(doctor.stderr).to.match(/^✗ MongoDB: MongoDB at 127\.0\.0\.1:\d+ is no replica set/m);
    } finally {
      await proxy.close();
    }
  });

  it('O3 a Redis that forgets is a line in the log and a warning of doctor; one that evicts stops the start', async function () {
    if (!hasRedisServer) this.skip();
    const [forgetful, evicting] = [
      await startRedisServer(),
      await startRedisServer(['--maxmemory-policy', 'allkeys-lru']),
    ];
    const gateway = runGateway({ ...env, REDIS_URL: forgetful.url, LOG_LEVEL: 'warn' });
    try {
      await ready(gateway);
      expect(gateway.stderr()).to.include('"event":"redis-not-persistent"');
      const doctor = await runCommand(['doctor'], { ...env, REDIS_URL: forgetful.url }).ended;
      expect(answerOf(doctor)).to.deep.include({ healthy: true, warnings: ['redis-not-persistent'] });
      expect(doctor.stderr).to.match(/^! Redis persistence: .*redis-cli CONFIG SET appendonly yes\.$/m);
      expect(doctor.stderr).to.match(/^✓ MongoDB writes: a majority confirms them$/m);
      const sentence =
        /^Redis at .* may throw jobs away .* redis-cli CONFIG SET maxmemory-policy noeviction\.$/;
      expectRefused(await runGateway({ ...env, REDIS_URL: evicting.url }).ended, { code: 2, sentence });
    } finally {
      gateway.kill('SIGKILL');
      await gateway.ended;
      await forgetful.stop();
      await evicting.stop();
    }
  });

  it('V1 a data directory that others may open is a warning with its way out', async () => {
    const open = place.env();
    mkdirSync(open.DATA_DIR);
    chmodSync(open.DATA_DIR, 0o755);
    const doctor = await runCommand(['doctor'], open).ended;
    expect(answerOf(doctor)).to.deep.include({ warnings: ['directory-open'] });
    expect(doctor.stderr).to.include(`close it with: chmod 700 ${open.DATA_DIR}`);
  });
});
