/** What befalls our own side: the process, its store, its queue. */

import { again, pause, type Fault } from './fault.js';
import type { Stage } from '../stage/stage.js';

export const killGateway: Fault['begin'] = again(
  async ({ gateway }) => {
    await gateway.kill();
    await gateway.start();
  },
  { lowMs: 0, highMs: 1500 },
);

export const houseFaults: readonly Fault[] = [
  {
    name: 'kill -9',
    what: 'the gateway is killed at random moments and started again',
    lastsMs: 8000,
    begin: killGateway,
    short: true,
  },
  {
    name: 'stop for a while',
    what: 'the gateway is stopped and stays away',
    lastsMs: 6000,
    async begin({ gateway }) {
      await gateway.stop();
      return async () => {
        await gateway.start();
      };
    },
    short: true,
  },
  {
    name: 'frozen',
    what: 'the gateway is frozen (SIGSTOP) for longer than Telegram keeps its connections',
    lastsMs: 18_000,
    begin({ gateway }) {
      gateway.freeze();
      return () => gateway.thaw();
    },
  },
  {
    name: 'store unreachable',
    what: 'the store is killed and stays away',
    house: 'store',
    lastsMs: 6000,
    async begin(stage) {
      const store = storeOf(stage);
      await store.kill();
      return () => store.start();
    },
    short: true,
  },
  {
    name: 'store frozen',
    what: 'the store hangs: connections stay, nothing is answered',
    house: 'store',
    lastsMs: 6000,
    begin(stage) {
      const store = storeOf(stage);
      store.freeze();
      return () => store.thaw();
    },
  },
  {
    name: 'store killed',
    what: 'the store is killed at random moments and started again',
    house: 'store',
    lastsMs: 6000,
    begin: again(
      async (stage) => {
        const store = storeOf(stage);
        await store.kill();
        await store.start();
      },
      { lowMs: 100, highMs: 1500 },
    ),
  },
  {
    name: 'store full',
    what: 'the embedded store has reached its cap',
    house: 'store',
    lastsMs: 6000,
    async begin(stage) {
      const store = storeOf(stage);
      await store.stop();
      await store.start(1);
      return async () => {
        await store.stop();
        await store.start();
      };
    },
    short: true,
  },
  {
    name: 'queue lost',
    what: 'Redis is killed and comes back empty',
    house: 'redis',
    lastsMs: 5000,
    async begin(stage) {
      const { redis } = stage;
      if (redis === undefined) throw new Error('no Redis on this stage');
      await redis.kill();
      await pause(1500);
      await redis.start();
      return async () => {
        await redis.kill();
        await redis.start();
      };
    },
    short: true,
  },
];

function storeOf({ store }: Stage): NonNullable<Stage['store']> {
  if (store === undefined) throw new Error('no store of its own on this stage');
  return store;
}
