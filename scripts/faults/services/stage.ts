/** Several gateways on one world, over a database and a Redis that they share. */

import { rmSync } from 'node:fs';
import { createTelegram } from '../../../test/emulator/telegram.js';
import { Processes } from '../../sandbox/processes.js';
import { castOf } from '../stage/cast.js';
import { logInAgain, logInFirst } from '../stage/login.js';
import { roundDirectory, secretKeys, telegramEnv } from '../stage/settings.js';
import { endedOf, type Stage } from '../stage/stage.js';
import { allOf, switchOf } from '../stage/switch.js';
import { Callers } from './callers.js';
import { openDatabase, type Database } from './database.js';
import { openProxy, type Proxy } from '../../../test/support/mongo-proxy.js';
import { openRedis, type LivingRedis } from './redis.js';

export interface Order {
  readonly dialogs: number;
  /** The arguments of each gateway process. */
  readonly gateways: readonly (readonly string[])[];
  /** Whether the gateways reach the database through a proxy. */
  readonly proxied: boolean;
}

/** A row that is settled late: a claim runs out after 15 s, and a sweep comes every 5 s. */
const settlesWithinMs = 40_000;
const lookEveryMs = 200;

export async function openServicesStage({ dialogs, gateways: args, proxied }: Order): Promise<Stage> {
  const directory = roundDirectory();
  const processes = new Processes(directory);
  const callers = new Callers();
  const telegram = createTelegram({ limits: { enabled: false }, onCall: callers.hear });
  const cast = castOf(telegram, dialogs);
  let redis: LivingRedis | undefined;
  let database: Database | undefined;
  let proxy: Proxy | undefined;
  const close = async (keep: boolean): Promise<void> => {
    database?.process?.thaw();
    await endGateways();
    if (!keep) await database?.drop().catch(() => undefined);
    await proxy?.close();
    await processes.close();
    await database?.process?.kill();
    await redis?.kill();
    await telegram.close();
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  let endGateways = async (): Promise<void> => undefined;
  try {
    [redis, database] = await Promise.all([openRedis(directory), openDatabase(processes, directory)]);
    proxy = proxied ? await openProxy(database.url) : undefined;
    const env = {
      ...(await telegramEnv(telegram, cast, directory)),
      MONGODB_URL: proxy?.url ?? database.url,
      REDIS_URL: redis.url,
      SECRET_KEYS: secretKeys,
    };
    await logInFirst(telegram, cast, env);
    const gateways = args.map((own, index) =>
      switchOf(processes, { name: `gateway-${index + 1}`, file: 'src/main.ts', args: own, env }),
    );
    const gateway = allOf(gateways);
    endGateways = async () => {
      gateway.thaw();
      await gateway.kill();
    };
    await gateway.start();
    const rows = database;
    return {
      telegram,
      cast,
      gateway,
      gateways,
      services: { database, redis, proxy },
      store: undefined,
      redis: undefined,
      directory,
      logInAgain: (which) => logInAgain({ telegram, cast, env, processes }, which),
      replacedSince: (moment) => callers.allSince(moment, [cast.shop.id, cast.owner.id, cast.desk.id]),
      complaints: async () => [...endedOf(gateways), ...(await unsettled(rows))],
      close,
    };
  } catch (error) {
    await close(true);
    throw error;
  }
}

async function unsettled({ openRows }: Pick<Database, 'openRows'>): Promise<string[]> {
  const end = Date.now() + settlesWithinMs;
  for (;;) {
    const rows = await openRows();
    if (rows === 0) return [];
    if (Date.now() > end) return [`${rows} rows of the database are still open`];
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
