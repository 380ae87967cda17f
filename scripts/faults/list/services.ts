/** What befalls several gateways and the services they share. */

import { again, pause, type Fault } from './fault.js';
import type { Services } from '../services/services.js';
import type { Stage } from '../stage/stage.js';
import type { Random } from '../traffic/random.js';

/** Whoever takes over waits 15 s for the lease and 5 s more; then it is long past. */
const pastLeaseMs = 28_000;

/** Kills one of two and starts it again a little later; the other one is left alone meanwhile. */
async function killOne({ gateways }: Stage, random: Random): Promise<void> {
  const victim = random.pick(gateways);
  await victim.kill();
  await pause(random.between(0, 2000));
  await victim.start();
}

const processes: readonly Fault[] = [
  {
    name: 'gateway of two killed',
    what: 'one of two gateways is killed at random moments; the last one stays away until the other has replaced it',
    lastsMs: 10_000,
    replacedFrom: 'end',
    begin(stage, random) {
      const end = again(killOne, { lowMs: 0, highMs: 3000 })(stage, random);
      return async () => {
        await (
          await end
        )();
        await random.pick(stage.gateways).kill();
      };
    },
    async afterwards({ gateway }) {
      await gateway.start();
    },
    short: true,
  },
  {
    name: 'gateway of two frozen',
    what: 'one of two gateways is frozen (SIGSTOP) for longer than its leases last, and thawed',
    lastsMs: pastLeaseMs,
    replacedFrom: 'begin',
    begin({ gateways }, random) {
      const victim = random.pick(gateways);
      victim.freeze();
      return () => victim.thaw();
    },
    short: true,
  },
  {
    name: 'both gateways restarted one after the other',
    what: 'a rolling restart: each gateway is stopped by SIGTERM and started again',
    lastsMs: 8000,
    begin({ gateways }) {
      const rolled = (async () => {
        for (const one of gateways) {
          await one.stop();
          await one.start();
        }
      })();
      // The end rejects instead.
      rolled.catch(() => undefined);
      return () => rolled;
    },
    short: true,
  },
];

const redis: readonly Fault[] = [
  {
    name: 'Redis killed',
    what: 'Redis is killed at random moments and comes back with its data',
    lastsMs: 6000,
    begin: again(
      async (stage, random) => {
        const { redis: running } = servicesOf(stage);
        await running.kill();
        await pause(random.between(0, 1500));
        await running.start();
      },
      { lowMs: 100, highMs: 1500 },
    ),
    short: true,
  },
  {
    name: 'Redis flushed',
    what: 'FLUSHALL at random moments: jobs, locks and all are gone',
    lastsMs: 4000,
    begin: again(async (stage) => servicesOf(stage).redis.flush(), { lowMs: 0, highMs: 800 }),
    short: true,
  },
];

const database: readonly Fault[] = [
  {
    name: 'database killed',
    ownDatabase: true,
    what: 'the database is killed at random moments and started again',
    lastsMs: 6000,
    begin: again(
      async (stage, random) => {
        const running = databaseOf(stage);
        await running.kill();
        await pause(random.between(0, 1500));
        await running.start();
      },
      { lowMs: 100, highMs: 1500 },
    ),
    short: true,
  },
  {
    name: 'database answers lost',
    what: 'one command in ten, by chance, is executed, and its connection cut before the answer',
    proxied: true,
    lastsMs: 5000,
    begin(stage, random) {
      const { proxy } = servicesOf(stage);
      if (proxy === undefined) throw new Error('no proxy on this stage');
      proxy.lose(() => random.next() < 0.1);
      return () => {
        proxy.lose(undefined);
        if (proxy.lost === 0) throw new Error('the fault has hit nothing');
      };
    },
    short: true,
  },
];

export const servicesFaults: readonly Fault[] = [...processes, ...redis, ...database].map((fault) => ({
  ...fault,
  house: 'services',
}));

function servicesOf({ services }: Stage): Services {
  if (services === undefined) throw new Error('no services on this stage');
  return services;
}

function databaseOf(stage: Stage): NonNullable<Services['database']['process']> {
  const { process: running } = servicesOf(stage).database;
  if (running === undefined) throw new Error('the database is not ours to kill');
  return running;
}
