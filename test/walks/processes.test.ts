import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.js';
import { scratchDirectory } from '../support/scratch.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

describe('several gateway processes', function () {
  this.timeout(60_000);
  let directory: string;
  let database: EmbeddedStore;
  let redis: RedisServer;
  let stage: Stage;

  before(function () {
    // Redis comes from the system's packages; where there is none, this is said and the walks are left out.
    if (!hasRedisServer) this.skip();
  });

  beforeEach(async () => {
    directory = scratchDirectory();
    database = await openEmbeddedStore({ directory });
    const { host, port } = await database.listen('127.0.0.1', 0);
    redis = await startRedisServer();
    stage = await openStage({
      variables: {
        MONGODB_URL: `mongodb://${host}:${port}/understudy?directConnection=true`,
        REDIS_URL: redis.url,
        SECRET_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      },
    });
    await stage.connectBot();
  });

  afterEach(async () => {
    await stage.close();
    await redis.stop();
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('O1 C6 one holds the sessions, one works: text and a file both ways, through the other process', async () => {
    await stage.startAnother('sessions');
    await stage.startAnother('workers');
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const toShop = { kind: 'user', id: shop.id } as const;
    world.actAs(ann).send(toShop, { text: 'hello' });
    const bytes = Buffer.alloc(1_500_000, 'plan');
    const media = { kind: 'photo' as const, file: world.files.photo([bytes]) };
    world.actAs(ann).send(toShop, { text: 'the plan', media });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 2, 'both posts', 25_000);
    expect(stage.posts(topic)).to.deep.equal(['hello', '[photo] the plan']);
    const there = { kind: 'channel', id: group.id } as const;
    const answer = world.actAs(olga).send(there, { text: 'Signed.', topic, media });
    await until(() => answer.body.reactions.size > 0, 'the mark', 25_000);
    const received = [...ann.box.messages.values()].at(-1)?.body;
    expect(received?.text).to.equal('Signed.');
    expect(received?.media?.kind === 'photo' && Buffer.concat(received.media.file.chunks)).to.deep.equal(
      bytes,
    );
  });

  it('O4 C6 a rolling restart: each message of a busy dialog stands in its topic once and in order', async () => {
    const first = await stage.startAnother('all');
    const { world } = stage.telegram;
    const { ann, shop } = stage.cast;
    const texts: string[] = [];
    const write = (): void => {
      texts.push(`line ${texts.length + 1}`);
      world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: texts.at(-1) ?? '' });
    };
    write();
    const topic = await stage.topic('Ann');
    const second = await stage.startAnother('all');
    for (const leaving of [first, second]) {
      write();
      const stopped = leaving.stop();
      write();
      if (leaving === first) await stage.startAnother('all');
      write();
      await stopped;
      write();
    }
    await until(() => stage.posts(topic).length >= texts.length, 'every line', 40_000);
    expect(stage.posts(topic)).to.deep.equal(texts);
  });
});
