import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { asGatewayError, GatewayError } from '../../src/domain/errors.js';
import { fields, type Doc } from '../../src/embedded/bson/value.js';
import { directoryFacts, openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { readServerFacts, type ServerFacts } from '../../src/mongo/server-facts.js';
import { readRedisFacts, type RedisFacts } from '../../src/queue/redis-facts.js';
import { openAlteringProxy, type Alteration } from '../support/altering-proxy.js';
import { hasRedisServer, startRedisServer } from '../support/redis-server.js';
import { scratchDirectory } from '../support/scratch.js';
import { openScriptedMongod, type ScriptedMongod } from '../support/scripted-mongod.js';
import { silentLog } from '../support/silent-log.js';

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

describe('What the checks read of real servers', function () {
  this.timeout(30_000);
  let directory: string;
  let store: EmbeddedStore;
  let port: number;
  before(async () => {
    directory = scratchDirectory();
    store = await openEmbeddedStore({ directory });
    ({ port } = await store.listen('127.0.0.1', 0));
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function factsAt(at: number, aheadMs = 0): Promise<ServerFacts> {
    const { db, close } = await connectDatabase(`mongodb://127.0.0.1:${at}/x?directConnection=true`);
    try {
      return await readServerFacts(db, () => Date.now() - aheadMs);
    } finally {
      await close();
    }
  }

  async function behindProxy<T>(
    alterations: readonly Alteration[],
    look: (port: number) => Promise<T>,
  ): Promise<T> {
    const proxy = await openAlteringProxy(port, alterations);
    try {
      return await look(proxy.port);
    } finally {
      await proxy.close();
    }
  }

  it('O3 the store is a replica set whose writes are confirmed, and nothing is written to find that out', async () => {
    const facts = await factsAt(port);
    expect(facts).to.include({ isReplicated: true, hasMajority: true });
    expect(Math.abs(facts.aheadMs)).to.be.below(1000);
    const { db, close } = await connectDatabase(`mongodb://127.0.0.1:${port}/x?directConnection=true`);
    expect(await db.collection('leases').countDocuments()).to.equal(0);
    await close();
  });

  it('C6 a clock that is ahead of ours or behind shows, by as much', async () => {
    for (const aheadMs of [10_000, -10_000])
      expect((await factsAt(port, aheadMs)).aheadMs).to.be.within(aheadMs - 1000, aheadMs + 1000);
  });

  it('O3 a server that names no replica set is seen as alone', async () => {
    const alone = { from: Buffer.from('setName\0'), to: Buffer.from('xetName\0') };
    expect(await behindProxy([alone], (at) => factsAt(at))).to.include({
      isReplicated: false,
      hasMajority: false,
    });
  });

  it('O3 a server older than the driver needs is refused with a sentence of its own', async () => {
    const name = Buffer.from('maxWireVersion\0');
    const old = { from: Buffer.concat([name, int32(21)]), to: Buffer.concat([name, int32(8)]) };
    const error = await behindProxy([old], (at) => factsAt(at).catch((thrown: unknown) => thrown));
    expect(error).to.be.instanceOf(GatewayError);
    expect((error as GatewayError).message).to.match(
      /^MongoDB at 127\.0\.0\.1:\d+ is too old; .* needs 4\.4 or newer/,
    );
  });

  it('O3 a MongoDB that runs and is not the replica set of the URL is told as that, one that does not answer as out of reach', async () => {
    const without = (hello: Doc, ...names: string[]) =>
      new Map([...hello].filter(([name]) => !['setName', 'hosts', 'primary', 'me', ...names].includes(name)));
    const uninitiated = fields({ isWritablePrimary: false, ismaster: false, isreplicaset: true });
    const [alone, ghost, member] = await Promise.all([1, 2, 3].map(openScriptedMongod));
    const answers = (mongod: ScriptedMongod, answer: (hello: Doc) => Doc) =>
      mongod.script(async (_, asStore) => {
        const said = await asStore();
        return said.has('setName') ? answer(said) : said;
      });
    answers(alone!, (hello) => without(hello));
    answers(ghost!, (hello) => new Map([...without(hello), ...uninitiated]));
    const told = async (hosts: string, name: string): Promise<string> =>
      connectDatabase(`mongodb://${hosts}/x?replicaSet=${name}`).then(
        async ({ close }) => {
          await close();
          return 'connected';
        },
        (error: unknown) => asGatewayError(error).message,
      );
    const sentence = (hosts: string) =>
      `MongoDB at ${hosts} is no replica set named rs0, or it was not initiated; start it with --replSet rs0 and run rs.initiate() there once, or give the name of its replica set in MONGODB_URL.`;
    const cases: readonly (readonly [hosts: string, name: string, told: string])[] = [
      [alone!.host, 'rs0', sentence(alone!.host)],
      [ghost!.host, 'rs0', sentence(ghost!.host)],
      [member!.host, 'rs0', sentence(member!.host)],
      [member!.host, 'understudy', 'connected'],
      [
        `${alone!.host},127.0.0.1:1`,
        'rs0',
        `MongoDB cannot be reached (${alone!.host}, 127.0.0.1:1); check MONGODB_URL and that the server runs.`,
      ],
    ];
    const found = await Promise.all(cases.map(([hosts, name]) => told(hosts, name)));
    await Promise.all([alone, ghost, member].map((mongod) => mongod!.close()));
    expect(found).to.deep.equal(cases.map(([, , expected]) => expected));
  });

  it('V1 O3 a directory tells its rights and the room on its disk; one that is not there tells nothing', async () => {
    const facts = await directoryFacts(directory);
    expect(facts?.mode).to.equal(0o700);
    expect(facts?.freeBytes).to.be.above(0);
    expect(await directoryFacts(`${directory}/nowhere`)).to.equal(undefined);
  });

  describe('Redis', () => {
    before(function () {
      // Where there is no Redis, this is said and left out.
      if (!hasRedisServer) this.skip();
    });

    async function factsOf(...options: string[]): Promise<RedisFacts | string> {
      const redis = await startRedisServer(options);
      try {
        return await readRedisFacts(redis.url, silentLog, () => Date.now() - 5000);
      } catch (error) {
        return error instanceof GatewayError ? error.message : String(error);
      } finally {
        await redis.stop();
      }
    }

    it('O3 tells whether it keeps its jobs, and its time', async () => {
      const [none, file, snapshots] = [
        await factsOf(),
        await factsOf('--appendonly', 'yes'),
        await factsOf('--save', '60', '1'),
      ];
      expect(
        [none, file, snapshots].map((facts) => typeof facts === 'object' && facts.isPersistent),
      ).to.deep.equal([false, true, true]);
      expect(typeof none === 'object' && none.aheadMs).to.be.within(4000, 6000);
    });

    it('O3 is refused when it may throw jobs away', async () => {
      const told = await factsOf('--maxmemory-policy', 'allkeys-lru');
      expect(told).to.match(
        /may throw jobs away \(maxmemory-policy allkeys-lru\); set it with: redis-cli CONFIG SET/,
      );
    });
  });
});
