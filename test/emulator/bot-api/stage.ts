import { Bot, type Api, type Context } from 'grammy';
import { createTelegram, type LocalTelegram, type TelegramOptions } from '../telegram.js';
import type { TelegramClient } from 'telegram';
import { addressOf, destroyStockClients, stockClient } from '../../support/stock-client.js';
import type { Account, Channel } from '../world/model.js';

/** A small town: Anna owns a forum where the bot is admin, and has written to the bot once. */
export interface Stage {
  readonly telegram: LocalTelegram;
  readonly anna: Account;
  readonly account: Account;
  readonly forum: Channel;
  /** `-100…` */
  readonly forumId: number;
  readonly token: string;
  /** grammY, unmodified, on the local root. */
  readonly bot: Bot;
  readonly api: Api;
  /** Starts grammY's long polling; ends with the stage. */
  start(): Promise<void>;
  /** A stock GramJS session of the same bot. */
  session(): Promise<TelegramClient>;
  /** A raw call, as any program makes it. */
  call(method: string, fields?: Record<string, unknown>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  ok: boolean;
  result?: unknown;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number };
}

export async function stage(options: TelegramOptions = {}): Promise<Stage> {
  const telegram = createTelegram({
    limits: { enabled: false },
    addressOf: (dc) => ({ host: addressOf(dc), port: 443 }),
    // Stock GramJS hands short updates out unconverted.
    difference: { short: false },
    ...options,
  });
  const { world } = telegram;
  const anna = world.createUser({ firstName: 'Anna', username: 'anna_owner', langCode: 'de' });
  const account = world.createBot({ firstName: 'Desk', username: 'desk_bot' });
  const forum = world.createGroup({
    title: 'Office',
    creator: anna.id,
    forum: true,
    admins: [{ id: account.id }],
  });
  const { host, ports } = await telegram.listen();
  const token = account.bot?.token ?? '';
  const bot = new Bot<Context>(token, { client: { apiRoot: telegram.botApiRoot } });
  bot.catch((error) => {
    throw error.error;
  });
  world.actAs(anna).send({ kind: 'user', id: account.id }, { text: '/start' });
  return {
    telegram,
    anna,
    account,
    forum,
    forumId: -(1_000_000_000_000 + forum.id),
    token,
    bot,
    api: bot.api,
    start: () =>
      new Promise((resolve, reject) => {
        bot.start({ onStart: () => resolve() }).catch(reject);
      }),
    session: async () => {
      const client = await stockClient({ host, ports, publicKey: telegram.server.publicKey });
      await client.connect();
      await client.start({ botAuthToken: token });
      return client;
    },
    call: async (method, fields = {}) => {
      const response = await fetch(`${telegram.botApiRoot}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      return (await response.json()) as Answer;
    },
    close: async () => {
      if (bot.isRunning()) await bot.stop();
      await destroyStockClients();
      await telegram.close();
    },
  };
}

/** A signal that a test waits for: `await it.came`, set off by `it.come(value)`. */
export function awaited<Value>(): { came: Promise<Value>; come: (value: Value) => void } {
  let come: (value: Value) => void = () => undefined;
  const came = new Promise<Value>((resolve) => (come = resolve));
  return { came, come };
}
