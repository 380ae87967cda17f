import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { databaseUrl } from '../support/database-url.js';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.js';
import { scratchDirectory } from '../support/scratch.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

interface Database {
  readonly url: string;
  close(): Promise<void>;
}

/** A database of its own on the server that MONGODB_URL names, else the embedded store over TCP. */
async function openDatabase(): Promise<Database> {
  const given = process.env['MONGODB_URL'];
  if (given !== undefined) {
    const url = databaseUrl(given, `understudy-walk-${process.pid}`);
    return {
      url,
      async close() {
        const client = await MongoClient.connect(url);
        await client.db().dropDatabase();
        await client.close();
      },
    };
  }
  const directory = scratchDirectory();
  const store = await openEmbeddedStore({ directory });
  const { host, port } = await store.listen('127.0.0.1', 0);
  return {
    url: `mongodb://${host}:${port}/understudy?directConnection=true`,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

describe('a database and a queue reached over TCP', () => {
  let database: Database;
  let redis: RedisServer;
  let stage: Stage;
  before(function () {
    // The walk stops and starts Redis, so it needs one of its own, from the system's packages; where there is none it is left out.
    if (!hasRedisServer) this.skip();
  });
  beforeEach(async () => {
    database = await openDatabase();
    redis = await startRedisServer();
    stage = await openStage({
      variables: {
        MONGODB_URL: database.url,
        REDIS_URL: redis.url,
        SECRET_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      },
    });
    await stage.connectBot();
    await stage.start();
  });
  afterEach(async () => {
    await stage.close();
    await redis.stop();
    await database.close();
  });

  it('O1 the same walk: both sides in the topic in order, an answer to the client, also after Redis lost everything', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const turn = (n: number): void => {
      world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: `question ${n}` });
      world.actAs(shop).send({ kind: 'user', id: ann.id }, { text: `answer ${n}` });
    };
    for (let n = 1; n <= 5; n++) turn(n);
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 10, 'ten posts');
    await redis.stop();
    for (let n = 6; n <= 8; n++) turn(n);
    redis = await startRedisServer([], redis.port);
    await until(() => stage.posts(topic).length === 16, 'sixteen posts', 25_000);
    expect(stage.posts(topic)).to.deep.equal(
      [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => [`question ${n}`, `🤖 answer ${n}`]),
    );
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'Here.', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark', 25_000);
    expect([...ann.box.messages.values()].at(-1)?.body.text).to.equal('Here.');
  }).timeout(60_000);
});
