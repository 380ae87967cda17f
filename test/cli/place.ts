/** Where the programs play: a local Telegram in this process, over TCP, with people, bots and groups; and throw-away directories. */

import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { joinEmbeddedStore, openEmbeddedStore } from '../../src/embedded/index.js';
import { createTelegram, type LocalTelegram } from '../emulator/telegram.js';
import type { Account, Channel } from '../emulator/world/model.js';
import { scratchDirectory } from '../support/scratch.js';
import type { Env } from './process.js';

export const PASSWORD = 'correct-horse';
export const SHOP_TOKEN = '7000000100:AAsecret-of-the-shop-bot-0123456789';
export const DESK_TOKEN = '7000000200:AAsecret-of-the-desk-bot-0123456789';

export interface Place {
  readonly telegram: LocalTelegram;
  /** Ann is a client; Max owns an account; Vera owns one with a password. */
  readonly people: { readonly ann: Account; readonly max: Account; readonly vera: Account };
  readonly shop: Account;
  readonly groups: {
    /** As it should be. */
    readonly team: Channel;
    readonly flat: Channel;
    /** The desk bot is no administrator there. */
    readonly powerless: Channel;
    /** The desk bot is no member. */
    readonly foreign: Channel;
  };
  /** Where the local Telegram listens. */
  readonly server: string;
  /** The variables for a data directory; without one, for a new and empty one. */
  env(changes?: Env): Env & { readonly DATA_DIR: string };
  /** The code that Telegram sent to that phone. */
  code(account: Account): string | undefined;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const telegram = createTelegram({ limits: { enabled: false } });
  const { world } = telegram;
  const olga = world.createUser({ firstName: 'Olga', phone: '4910000003' });
  const shop = world.createBot({ firstName: 'Shop', username: 'shop_bot', token: SHOP_TOKEN });
  const desk = world.createBot({ firstName: 'Desk', username: 'desk_bot', token: DESK_TOKEN });
  const ofOlga = { creator: olga.id, forum: true };
  const { host, ports } = await telegram.listen();
  const directory = scratchDirectory();
  const publicKey = join(directory, 'telegram.pem');
  writeFileSync(publicKey, telegram.publicKeyPem);
  const server = `${host}:${Object.values(ports)[0]}`;
  let places = 0;
  return {
    telegram,
    people: {
      ann: world.createUser({ firstName: 'Ann', phone: '4910000001' }),
      max: world.createUser({ firstName: 'Max', phone: '4910000004' }),
      vera: world.createUser({ firstName: 'Vera', phone: '4910000005', password: PASSWORD }),
    },
    shop,
    groups: {
      team: world.createGroup({ title: 'Team', ...ofOlga, admins: [{ id: desk.id }] }),
      flat: world.createGroup({ title: 'Flat', creator: olga.id, admins: [{ id: desk.id }] }),
      powerless: world.createGroup({ title: 'Powerless', ...ofOlga, members: [desk.id] }),
      foreign: world.createGroup({ title: 'Foreign', ...ofOlga }),
    },
    server,
    env: (changes = {}) => ({
      TELEGRAM_SERVER: server,
      TELEGRAM_PUBLIC_KEY_FILE: publicKey,
      SERVICE_BOT_TOKEN: DESK_TOKEN,
      HTTP_LISTEN: 'off',
      LOG_LEVEL: 'error',
      DATA_DIR: join(directory, `data-${++places}`),
      ...changes,
    }),
    code: ({ phone }) => telegram.logins.code(phone ?? ''),
    async close() {
      await telegram.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** `-100…`, as on the command line. */
export function marked(group: Channel): string {
  return `-100${group.id}`;
}

/** A value for SECRET_KEYS. */
export function secretKey(): string {
  return `k${randomBytes(2).toString('hex')}:${randomBytes(32).toString('base64')}`;
}

/** What stands in a data directory, read with the plain driver: the ids of each collection's rows. */
export async function rowsIn(directory: string): Promise<Record<'connections' | 'sessions', string[]>> {
  // Never opened, so nothing was written; opening it here would only make it.
  if (!existsSync(join(directory, 'store'))) return { connections: [], sessions: [] };
  const joined = await joinEmbeddedStore(directory);
  const owned = joined === undefined ? await openEmbeddedStore({ directory }) : undefined;
  const client = new MongoClient((joined ?? owned)?.url ?? '');
  try {
    const idsOf = async (name: string) =>
      (await client.db('understudy').collection(name).find({}).toArray())
        .map(({ _id }) => String(_id))
        .sort();
    return { connections: await idsOf('connections'), sessions: await idsOf('sessions') };
  } finally {
    await client.close();
    await owned?.close();
  }
}

/** The files below a directory that hold one of these texts. */
export function filesHolding(directory: string, texts: readonly string[]): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .filter((path) => {
      const bytes = readFileSync(path);
      return texts.some((text) => bytes.includes(text));
    });
}
