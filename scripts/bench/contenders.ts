/** Who is measured: our gateway in each of its houses, and a naive mirror on stock GramJS. All start from ready keys on the same local Telegram. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConnection } from '../../src/app/connect.js';
import { openInstallation } from '../../src/app/installation.js';
import { readSettings } from '../../src/config/settings.js';
import { peerOf } from '../../src/domain/ids.js';
import type { GatewayOps } from './children/gateway.js';
import type { StockOps } from './children/stock.js';
import type { Opened, Ready, TelegramOps } from './children/telegram.js';
import type { Column } from './columns.js';
import { startChild, type Child, type ChildOptions } from './process/child.js';
import { asGroup, type Group } from './process/group.js';
import { openServices, type Services } from './services.js';

export type Name = 'ours' | 'stock';
export const names: readonly Name[] = ['ours', 'stock'];

/** One contender beside one Telegram. */
export interface Match {
  readonly telegram: Child<TelegramOps>;
  /** What several gateways share; absent where there is one without them. */
  readonly services: Services | undefined;
  /** Starts the contender's processes; they may be started again after a stop, on the same data. */
  start(options?: ChildOptions): Group;
  close(): Promise<void>;
}

/** Opens a Telegram of its own for one contender: one dialog per pair of bot and client. Nothing runs on it yet. */
export async function openMatch(column: Column, size: { bots: number; clients: number }): Promise<Match> {
  const telegram = startChild<TelegramOps>('children/telegram.ts');
  const directory = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const opened = await telegram.ask('open', size);
  const world = join(directory, 'world.json');
  const houses = column === 'services' || column === 'two';
  let services: Services | undefined;
  const close = async (): Promise<void> => {
    await telegram.stop();
    await services?.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    services = houses ? await openServices(directory) : undefined;
    writeFileSync(world, JSON.stringify(opened), { mode: 0o600 });
    const env =
      column === 'stock' ? { BENCH_WORLD: world } : await gatewayEnv(directory, opened, services?.env);
    return {
      telegram,
      services,
      start({ env: more, ...options } = {}) {
        const start = <O extends StockOps | GatewayOps>(entry: string): Child<O> =>
          startChild<O>(entry, { ...options, env: { ...env, ...more } });
        if (column === 'stock') return asGroup([start<StockOps>('children/stock.ts')], async () => ({}));
        const gateways = Array.from({ length: column === 'two' ? 2 : 1 }, () =>
          start<GatewayOps>('children/gateway.ts'),
        );
        return asGroup(gateways, (child) => child.ask('commands', null));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A data directory whose bots are logged in already, by the same door as `gateway login`. The desk logs in at the first start. */
async function gatewayEnv(
  directory: string,
  opened: Opened,
  services: Services['env'] = {},
): Promise<Record<string, string>> {
  const publicKey = join(directory, 'telegram.pem');
  writeFileSync(publicKey, opened.publicKeyPem);
  const env = {
    TELEGRAM_SERVER: `${opened.host}:${opened.port}`,
    TELEGRAM_PUBLIC_KEY_FILE: publicKey,
    DATA_DIR: join(directory, 'data'),
    SERVICE_BOT_TOKEN: opened.desk.token,
    HTTP_LISTEN: 'off',
    LOG_LEVEL: 'warn',
    // What the surrounding shell has set must not bring in another store or queue.
    ...Object.fromEntries(foreign.map((name) => [name, ''])),
    ...services,
  };
  const installation = await openInstallation(readSettings(env), 'own');
  try {
    for (const bot of opened.bots)
      await storeConnection(installation, loggedIn(bot, opened.dc), groupOf(opened), Date.now());
  } finally {
    await installation.close();
  }
  return env;
}

const foreign = ['MONGODB_URL', 'REDIS_URL', 'SECRET_KEYS', 'DESK_BOT_TOKENS', 'BOT_API_ROOT'];

function groupOf({ groupId }: Opened): ReturnType<typeof peerOf> {
  return peerOf('channel', groupId);
}

function loggedIn({ id, name, username, authKey, counters }: Ready, dc: number) {
  return {
    step: 'done',
    userId: String(id),
    name,
    username,
    kind: 'bot',
    authKey: Buffer.from(authKey, 'base64'),
    dc,
    counters,
  } as const;
}
