import { expect } from 'chai';
import { Redis } from 'ioredis';
import { hasRedisServer, startRedisServer } from '../support/redis-server.js';
import { secretKey, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway } from './process.js';
import { withPlace } from './with-place.js';

describe('Two installations on one Redis', function () {
  this.timeout(90_000);
  let place: Place;
  withPlace('once', (opened) => (place = opened));

  it('O1 C6 share no key and no channel, so that neither takes the wake-ups of the other or asks its sessions', async function () {
    if (!hasRedisServer) this.skip();
    const redis = await startRedisServer();
    const store = runCommand(
      ['store', '--listen', '127.0.0.1:0', '--data', place.env().DATA_DIR],
      place.env(),
    );
    await ready(store);
    const { url } = JSON.parse(store.stdout()) as { url: string };
    const client = new Redis(redis.url);
    /** The keys and the channels that are there, by the installation that their names begin with. */
    const seen = async () => {
      const channels = (await client.pubsub('CHANNELS', '*')) as string[];
      return [await client.keys('*'), channels].map(
        (names) => new Set(names.map((name) => name.split(':').slice(0, 2).join(':'))),
      );
    };
    const starts = async (database: string) => {
      const address = url.replace('/understudy', `/${database}`);
      const services = { SECRET_KEYS: secretKey(), MONGODB_URL: address, REDIS_URL: redis.url };
      await ready(runGateway(place.env(services)));
      return seen();
    };
    try {
      const [keys, channels] = await starts('production');
      expect(keys).to.have.property('size', 1);
      expect(channels).to.deep.equal(keys);
      const [bothKeys, bothChannels] = await starts('staging');
      expect(bothKeys).to.have.property('size', 2);
      expect(bothChannels).to.deep.equal(bothKeys);
    } finally {
      client.disconnect();
      await killPrograms();
      await redis.stop();
    }
  });
});
