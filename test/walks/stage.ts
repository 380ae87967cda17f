/** The stage of the walks: a local Telegram with named people, and the whole gateway beside it, over real TCP. */

import { EventEmitter } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp } from '../../src/app.js';
import { storeConnection } from '../../src/app/connect.js';
import { readRoles } from '../../src/app/roles.js';
import { openInstallation } from '../../src/app/installation.js';
import { clientOpener, loginDeps } from '../../src/app/telegram.js';
import { readSettings, type Settings } from '../../src/config/settings.js';
import type { Connection } from '../../src/domain/connection.js';
import { peerOf } from '../../src/domain/ids.js';
import type { Clock } from '../../src/ports/runtime.js';
import { systemClock } from '../../src/runtime/clock.js';
import { withScope } from '../../src/runtime/scope.js';
import { startLogin, type LoginStart } from '../../src/telegram/login/login.js';
import { createTelegram, type LocalTelegram } from '../emulator/telegram.js';
import type { Account, Channel } from '../emulator/world/model.js';
import { scratchDirectory } from '../support/scratch.js';
import { silentLog } from '../support/silent-log.js';
import { openLog } from '../../src/runtime/log.js';
import { until } from './until.js';

/** Who stands on the stage. Ann and Bob are clients, Olga is the operator, Max owns the personal account. */
export interface Cast {
  readonly ann: Account;
  readonly bob: Account;
  readonly olga: Account;
  readonly max: Account;
  readonly shop: Account;
  readonly desk: Account;
  /** A second bot that may manage topics in the group; runs with `pool` only. */
  readonly spare: Account;
  readonly group: Channel;
}

export interface Stage {
  readonly telegram: LocalTelegram;
  readonly cast: Cast;
  readonly settings: Settings;
  /** Logs the shop bot in beside its program. */
  connectBot(): Promise<void>;
  /** Logs Max's account in as a second session. */
  connectAccount(): Promise<void>;
  /** `clock`: the gateway's time, default the system's. */
  start(clock?: Clock): Promise<void>;
  /** One more gateway over the same database and Redis, with these roles. */
  startAnother(role: string): Promise<Gateway>;
  /** A graceful stop. */
  stop(): Promise<void>;
  /** The connection rows, as commands read them beside the running gateway. */
  connections(): Promise<Connection[]>;
  /** The topic of a client, by title; waits for it. */
  topic(title: string): Promise<number>;
  /** What stands in a topic, in order, without the service message and the card. */
  posts(topic: number): string[];
  close(): Promise<void>;
}

export interface Gateway {
  /** A graceful stop. */
  stop(): Promise<void>;
}

export type StageOptions = Parameters<typeof createTelegram>[0] & {
  /** More of the gateway's variables: `MONGODB_URL`, `REDIS_URL`, … */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where Max's account lives; default the first one. */
  readonly accountDc?: number;
  /** The desk and the spare bot are the desk bots, instead of the service bot. */
  readonly pool?: boolean;
};

/** Opens a Telegram with the cast and an empty data directory; the gateway is not started. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { variables = {}, accountDc, pool = false, ...telegramOptions } = options;
  const telegram = createTelegram({ limits: { enabled: false }, ...telegramOptions });
  const cast = castOf(telegram, accountDc);
  const { host, ports } = await telegram.listen();
  const directory = scratchDirectory();
  const publicKey = join(directory, 'telegram.pem');
  writeFileSync(publicKey, telegram.publicKeyPem);
  const settings = readSettings({
    TELEGRAM_SERVER: `${host}:${Object.values(ports)[0]}`,
    TELEGRAM_PUBLIC_KEY_FILE: publicKey,
    DATA_DIR: join(directory, 'data'),
    HTTP_LISTEN: 'off',
    ...tokensOf(telegram, cast, pool),
    ...variables,
  });
  let running: Gateway | undefined;
  const others: Gateway[] = [];

  async function connect(start: LoginStart, answers: string[]): Promise<void> {
    const parts = { settings, clock: systemClock, log: silentLog };
    const login = startLogin(loginDeps(parts, clientOpener(parts)), start);
    let step = await login.next();
    while (step.step === 'ask') step = await login.next(answers.shift() ?? codeOf(telegram, cast.max));
    if (step.step !== 'done') throw step.step === 'failed' ? step.error : new Error(step.step);
    const installation = await openInstallation(settings, 'join');
    await storeConnection(installation, step, peerOf('channel', cast.group.id), Date.now());
    await installation.close();
  }

  return {
    telegram,
    cast,
    settings,
    connectBot: () => connect({ kind: 'bot', token: cast.shop.bot?.token ?? '' }, []),
    connectAccount: () => connect({ kind: 'phone', phone: `+${cast.max.phone}` }, []),
    async start(clock = systemClock) {
      running = await startGateway(settings, clock, 'all');
    },
    async startAnother(role) {
      const other = await startGateway(settings, systemClock, role);
      others.push(other);
      return other;
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
    async connections() {
      const installation = await openInstallation(settings, 'join');
      const rows = await installation.store.connections.list();
      await installation.close();
      return rows;
    },
    topic: (title) =>
      until(
        () => [...cast.group.topics.values()].find((topic) => topic.title === title)?.id,
        `a topic "${title}"`,
      ),
    posts: (topic) => postsOf(cast.group, topic),
    async close() {
      await running?.stop();
      await Promise.all(others.map((gateway) => gateway.stop()));
      await telegram.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function castOf({ world }: LocalTelegram, accountDc?: number): Cast {
  const dc = accountDc === undefined ? {} : { dc: accountDc };
  const olga = world.createUser({ firstName: 'Olga', phone: '4910000003' });
  const desk = world.createBot({ firstName: 'Desk', username: 'desk_bot' });
  const spare = world.createBot({ firstName: 'Spare desk', username: 'spare_desk_bot' });
  const admins = [desk, spare].map(({ id }) => ({ id }));
  return {
    ann: world.createUser({ firstName: 'Ann', username: 'ann', phone: '4910000001' }),
    bob: world.createUser({ firstName: 'Bob', phone: '4910000002' }),
    olga,
    max: world.createUser({ firstName: 'Max', phone: '4910000004', ...dc }),
    shop: world.createBot({ firstName: 'Shop', username: 'shop_bot' }),
    desk,
    spare,
    group: world.createGroup({ title: 'Team', creator: olga.id, forum: true, admins }),
  };
}

function tokensOf({ world }: LocalTelegram, { desk, spare }: Cast, pool: boolean): Record<string, string> {
  const tokenOf = ({ bot }: Account): string => bot?.token ?? '';
  if (!pool) return { SERVICE_BOT_TOKEN: tokenOf(desk) };
  const service = world.createBot({ firstName: 'Setup', username: 'setup_bot' });
  return { SERVICE_BOT_TOKEN: tokenOf(service), DESK_BOT_TOKENS: `${tokenOf(desk)},${tokenOf(spare)}` };
}

/** The code that Telegram sent to Max's phone. */
function codeOf(telegram: LocalTelegram, account: Account): string {
  return telegram.logins.code(account.phone ?? '') ?? '';
}

async function startGateway(settings: Settings, clock: Clock, role: string): Promise<Gateway> {
  const signals = new EventEmitter();
  let started: () => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const ready = new Promise<void>((resolve, reject) => {
    started = resolve;
    failed = reject;
  });
  const log = process.env['STAGE_LOG'] === undefined ? silentLog : openLog({ level: 'debug', clock });
  const run = withScope({ clock, log, signals }, async (scope) => {
    await startApp(settings, readRoles(['--role', role], settings.config), { scope, clock, log });
    started();
    await scope.stopped();
  });
  run.catch(failed);
  await ready;
  return {
    async stop() {
      signals.emit('SIGTERM');
      await run;
    },
  };
}

function postsOf(group: Channel, topic: number): string[] {
  return [...group.box.messages.values()]
    .filter(({ body }) => body.topic === topic && body.action === undefined && !body.text.startsWith('👤'))
    .map(({ body }) => (body.media === undefined ? body.text : `[${body.media.kind}] ${body.text}`.trim()));
}
