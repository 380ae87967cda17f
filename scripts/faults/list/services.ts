/** What befalls several gateways and the services they share. */

import { again, pause, repeated, standing, together, type Fault } from './fault.js';
import type { Services } from '../services/services.js';
import type { Stage } from '../stage/stage.js';
import type { Random } from '../traffic/random.js';

/** Whoever takes over waits 15 s for the lease and 5 s more; then it is long past. */
const pastLeaseMs = 26_000;

/** Kills one of two and starts it again a little later; the other one is left alone meanwhile. */
async function killOne({ gateways }: Stage, random: Random): Promise<void> {
  const victim = random.pick(gateways);
  await victim.kill();
  await pause(random.between(0, 2000));
  await victim.start();
}

const killedAndAway: Fault['begin'] = async (stage, random) => {
  const end = await again(killOne, { lowMs: 0, highMs: 3000 })(stage, random);
  return async () => {
    await end();
    await random.pick(stage.gateways).kill();
  };
};

/** All that were killed run again. */
const startedAgain: NonNullable<Fault['afterwards']> = async ({ gateway }) => {
  await gateway.start();
};

const freezeOne: Fault['begin'] = ({ gateways }, random) => {
  const victim = random.pick(gateways);
  victim.freeze();
  return () => victim.thaw();
};

const flushRedis = again(async (stage) => servicesOf(stage).redis.flush(), { lowMs: 0, highMs: 800 });

const killDatabase = again(
  async (stage, random) => {
    const running = databaseOf(stage);
    await running.kill();
    await pause(random.between(0, 1500));
    await running.start();
  },
  { lowMs: 100, highMs: 1500 },
);

const processes: readonly Fault[] = [
  {
    name: 'gateway of two killed',
    what: 'one of two gateways is killed at random moments; the last one stays away until the other has replaced it',
    lastsMs: 8000,
    replacedFrom: 'end',
    begin: killedAndAway,
    afterwards: startedAgain,
    short: true,
  },
  {
    name: 'gateway of two frozen',
    what: 'one of two gateways is frozen (SIGSTOP) for longer than its leases last, and thawed',
    lastsMs: pastLeaseMs,
    replacedFrom: 'begin',
    begin: freezeOne,
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
  {
    name: 'roles apart, killed',
    what: 'one process for the sessions, one for the workers: either is killed at random moments and started again',
    gateways: [
      ['--role', 'sessions'],
      ['--role', 'workers'],
    ],
    lastsMs: 8000,
    begin: again(killOne, { lowMs: 0, highMs: 2000 }),
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
    begin: flushRedis,
    short: true,
  },
];

const database: readonly Fault[] = [
  {
    name: 'database killed',
    what: 'the database is killed at random moments and started again',
    ownDatabase: true,
    lastsMs: 6000,
    begin: killDatabase,
    short: true,
  },
  {
    name: 'database frozen',
    what: 'the database hangs for longer than leases last: connections stay, nothing is answered',
    ownDatabase: true,
    lastsMs: 20_000,
    begin(stage) {
      const running = databaseOf(stage);
      running.freeze();
      return () => running.thaw();
    },
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

const pairs: readonly Fault[] = [
  {
    name: 'gateway of two killed + call.answer-lost',
    what: 'one of two is killed at random moments while answers to sends are lost',
    lastsMs: 10_000,
    replacedFrom: 'end',
    begin: together(
      repeated(250, { name: 'call.answer-lost', when: { method: 'messages.sendMessage' }, times: 1 }),
      killedAndAway,
    ),
    afterwards: startedAgain,
  },
  {
    name: 'gateway of two frozen + call.delay',
    what: 'one of two is frozen past its leases, with calls in flight that all take 1.5 s longer',
    lastsMs: pastLeaseMs,
    // Not held to the time of a replacement: every call of it is 1.5 s late too.
    begin: together(standing({ name: 'call.delay', ms: 1500 }), freezeOne),
  },
  {
    name: 'Redis flushed + database killed',
    what: 'jobs and locks are gone again and again while the database is killed and started again',
    ownDatabase: true,
    lastsMs: 6000,
    begin: together(flushRedis, killDatabase),
  },
];

export const servicesFaults: readonly Fault[] = [...processes, ...redis, ...database, ...pairs].map(
  (fault) => ({
    ...fault,
    house: 'services',
  }),
);

function servicesOf({ services }: Stage): Services {
  if (services === undefined) throw new Error('no services on this stage');
  return services;
}

function databaseOf(stage: Stage): NonNullable<Services['database']['process']> {
  const { process: running } = servicesOf(stage).database;
  if (running === undefined) throw new Error('the database is not ours to kill');
  return running;
}
