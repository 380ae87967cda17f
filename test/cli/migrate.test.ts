import { expect } from 'chai';
import { MongoClient, type Document } from 'mongodb';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { hasRedisServer, startRedisServer } from '../support/redis-server.js';
import { until } from '../walks/until.js';
import { answerOf, expectRefused } from './endings.js';
import { secretKey, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway } from './process.js';
import { withPlace } from './with-place.js';

describe('A database between versions and between restores', function () {
  this.timeout(120_000);
  let place: Place;
  withPlace('each', (opened) => (place = opened));

  /** Rows of one collection, put into a directory that nobody uses. */
  async function put(directory: string, collection: string, rows: Document[]): Promise<void> {
    const store = await openEmbeddedStore({ directory });
    const client = new MongoClient(store.url);
    try {
      await client.db('understudy').collection(collection).insertMany(rows);
    } finally {
      await client.close();
      await store.close();
    }
  }

  it('O3 migrate runs the steps by hand and says which; a second time there is nothing to do', async () => {
    const env = place.env();
    const first = await runCommand(['migrate'], env).ended;
    const { applied } = answerOf(first) as { applied: string[] };
    expect(applied).to.include('0001-indexes');
    expect(first.stderr).to.match(/^0001-indexes: done$/m);
    expect(answerOf(await runCommand(['migrate'], env).ended)).to.deep.equal({
      applied: [],
      before: applied,
    });
  });

  it('O3 a database of a newer version is refused at the start and by every command with one sentence', async () => {
    const env = place.env();
    await put(env.DATA_DIR, 'migrations', [{ _id: '0999-from-the-future' as never, at: new Date() }]);
    const sentence =
      /^The database was written by a newer version of Understudy; install that version or a newer one\.$/;
    expectRefused(await runGateway(env).ended, { code: 2, sentence });
    for (const command of ['connections', 'migrate'])
      expectRefused(await runCommand([command], env).ended, { code: 2, sentence });
  });

  it('O4 a restore that is killed half-way leaves what no gateway starts on, and may be repeated', async () => {
    const keys = { SECRET_KEYS: secretKey() };
    const [source, target] = [place.env(keys), place.env(keys)];
    const rows = Array.from({ length: 60_000 }, (_, n) => ({
      _id: `row-${n}` as never,
      n,
      text: 'x'.repeat(50),
    }));
    await put(source.DATA_DIR, 'audit', rows);
    const file = `${source.DATA_DIR}.backup`;
    expect(answerOf(await runCommand(['backup', file], source).ended)).to.include({ documents: 60_000 });
    const dying = runCommand(['restore', file], target);
    await until(() => dying.stderr().includes('audit: 500\n'), 'the first rows', 60_000);
    dying.kill('SIGKILL');
    const { code } = await dying.ended;
    expect(code, 'it was killed before it was done').to.equal(null);
    const sentence =
      /^A restore into this installation has not finished; run it again with: npm run gateway -- /;
    expectRefused(await runGateway(target).ended, { code: 2, sentence });
    expectRefused(await runCommand(['backup', `${file}.2`], target).ended, { code: 2, sentence });
    expect(answerOf(await runCommand(['restore', file], target).ended)).to.include({ documents: 60_000 });
    const gateway = runGateway(target);
    await ready(gateway);
  });

  it('O1 C6 two processes that start at once on an empty database both come up', async function () {
    if (!hasRedisServer) this.skip();
    const redis = await startRedisServer();
    try {
      const store = runCommand(
        ['store', '--listen', '127.0.0.1:0', '--data', place.env().DATA_DIR],
        place.env(),
      );
      await ready(store);
      const { url } = JSON.parse(store.stdout()) as { url: string };
      const env = place.env({ MONGODB_URL: url, REDIS_URL: redis.url, SECRET_KEYS: secretKey() });
      await Promise.all([runGateway(env), runGateway(env)].map(ready));
    } finally {
      await killPrograms();
      await redis.stop();
    }
  });
});
