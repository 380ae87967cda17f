/** What one round stands on: a world of its own, a gateway as a real process, and where a fault needs them a store and a Redis beside it. */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTelegram, type LocalTelegram } from '../../../test/emulator/telegram.js';
import { startRedisServer, type RedisServer } from '../../../test/support/redis-server.js';
import { Processes, type Env } from '../../sandbox/processes.js';
import type { Services } from '../services/services.js';
import { castOf, type Cast } from './cast.js';
import { logInAgain, logInFirst } from './login.js';
import { roundDirectory, secretKeys, telegramEnv } from './settings.js';
import { switchOf, type Switch } from './switch.js';

/**
 * `embedded`: one process. `store`: over a store in a process of its own. `redis`: the queue on a Redis of its own.
 * `services`: several processes over a database and a Redis (services/stage.ts).
 */
export type House = 'embedded' | 'store' | 'redis' | 'services';

export interface Stage {
  readonly telegram: LocalTelegram;
  readonly cast: Cast;
  /** All its processes at once. */
  readonly gateway: Switch;
  /** One by one. */
  readonly gateways: readonly Switch[];
  /** Only in the house `services`. */
  readonly services?: Services;
  /** Only in the house `store`. */
  readonly store: StoreSwitch | undefined;
  readonly redis: RedisSwitch | undefined;
  readonly directory: string;
  logInAgain(which: 'bot' | 'account'): Promise<void>;
  /** When every session was alive at Telegram again after a process had died at this moment, in Unix ms. Only in the house `services`. */
  replacedSince?(moment: number): number | undefined;
  /** What must not be when everything is over, beside what people see: a line each. */
  complaints(): Promise<readonly string[]>;
  /** Ends all processes; `keep` leaves logs and data. */
  close(keep: boolean): Promise<void>;
}

export interface StoreSwitch extends Omit<Switch, 'start'> {
  /** On the same port; with a cap in bytes, or without one. */
  start(capBytes?: number): Promise<void>;
}

export interface RedisSwitch {
  /** Ends it, with all that it held. */
  kill(): Promise<void>;
  /** An empty one, on the same port. */
  start(): Promise<void>;
}

export async function openStage(house: Exclude<House, 'services'>, dialogs: number): Promise<Stage> {
  const directory = roundDirectory();
  const processes = new Processes(directory);
  const telegram = createTelegram({ limits: { enabled: false } });
  const cast = castOf(telegram, dialogs);
  let redis: Awaited<ReturnType<typeof openRedis>> | undefined;
  const close = async (keep: boolean): Promise<void> => {
    await processes.close();
    await redis?.kill();
    await telegram.close();
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  try {
    redis = house === 'redis' ? await openRedis() : undefined;
    const store = house === 'store' ? await openStore(processes, directory) : undefined;
    const env = { ...(await telegramEnv(telegram, cast, directory)), ...store?.env, ...redis?.env };
    const gateway = switchOf(processes, { name: 'gateway', file: 'src/main.ts', env });
    // The first login opens the data directory itself.
    await logInFirst(telegram, cast, env);
    await gateway.start();
    return {
      telegram,
      cast,
      gateway,
      gateways: [gateway],
      store,
      redis,
      directory,
      complaints: async () => [
        ...endedOf([gateway]),
        ...(store?.alive === false ? ['the store is not running'] : []),
      ],
      logInAgain: (which) => logInAgain({ telegram, cast, env, processes }, which),
      close,
    };
  } catch (error) {
    await close(true);
    throw error;
  }
}

/** Nothing ends them but a fault, and faults start them again. */
export function endedOf(gateways: readonly Switch[]): string[] {
  return gateways.flatMap(({ alive }, index) => (alive ? [] : [`gateway ${index + 1} is not running`]));
}

async function openStore(
  processes: Processes,
  directory: string,
): Promise<StoreSwitch & { readonly env: Env }> {
  const data = join(directory, 'store-data');
  mkdirSync(data, { recursive: true });
  const running = switchOf(processes, { name: 'store', file: 'scripts/faults/stage/store-process.ts' });
  const { port } = (await running.start([data, '0', '0'])) as { readonly port: number };
  return {
    ...running,
    get alive() {
      return running.alive;
    },
    async start(capBytes = 0) {
      await running.start([data, String(port), String(capBytes)]);
    },
    env: {
      MONGODB_URL: `mongodb://127.0.0.1:${port}/understudy?directConnection=true`,
      SECRET_KEYS: secretKeys,
    },
  };
}

async function openRedis(): Promise<RedisSwitch & { readonly env: Env }> {
  const options = ['--maxmemory-policy', 'noeviction'];
  let server: RedisServer | undefined = await startRedisServer(options);
  const { port, url } = server;
  return {
    async kill() {
      await server?.stop();
      server = undefined;
    },
    async start() {
      server ??= await startRedisServer(options, port);
    },
    env: { REDIS_URL: url },
  };
}
