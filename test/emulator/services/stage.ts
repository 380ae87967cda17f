import type { Api } from 'telegram';
import { type TelegramClient } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import {
  addressOf,
  destroyStockClients,
  stockClient,
  type StockOptions,
} from '../../support/stock-client.js';
import { createTelegram, type LocalTelegram, type TelegramOptions } from '../telegram.js';
import type { Account, Channel } from '../world/model.js';

/** A small town for tests: Anna (owner) and Boris, two bots, a forum where the first bot is admin. */
export interface Stage {
  readonly telegram: LocalTelegram;
  readonly anna: Account;
  readonly boris: Account;
  readonly bot: Account;
  readonly otherBot: Account;
  readonly forum: Channel;
  /** A stock client, connected, not logged in. */
  client(options?: StockOptions): Promise<TelegramClient>;
  /** A stock client logged in by the bot's token. */
  asBot(bot: Account): Promise<TelegramClient>;
  /** A stock client logged in by code (and password). */
  asPerson(person: Account): Promise<TelegramClient>;
  close(): Promise<void>;
}

export async function stage(options: TelegramOptions = {}): Promise<Stage> {
  const telegram = createTelegram({
    limits: { enabled: false },
    addressOf: (dc) => ({ host: addressOf(dc), port: 443 }),
    ...options,
  });
  const { world } = telegram;
  const anna = world.createUser({ firstName: 'Anna', phone: '+49 151 0001', username: 'anna_owner' });
  const boris = world.createUser({ firstName: 'Boris', phone: '+49 151 0002', password: 'secret words' });
  const bot = world.createBot({ firstName: 'Desk', username: 'desk_bot' });
  const otherBot = world.createBot({ firstName: 'Other', username: 'other_bot' });
  const forum = world.createGroup({
    title: 'Back office',
    creator: anna.id,
    forum: true,
    members: [otherBot.id],
    admins: [{ id: bot.id }],
  });
  const listening = await telegram.listen();
  const client = async (stock: StockOptions = {}): Promise<TelegramClient> => {
    const made = await stockClient({ ...listening, publicKey: telegram.server.publicKey }, stock);
    await made.connect();
    return made;
  };
  return {
    telegram,
    anna,
    boris,
    bot,
    otherBot,
    forum,
    client,
    asBot: async ({ bot: facts }) => {
      const made = await client();
      await made.start({ botAuthToken: facts?.token ?? '' });
      return made;
    },
    asPerson: async (person) => {
      const made = await client();
      const phone = person.phone ?? '';
      await made.start({
        phoneNumber: phone,
        phoneCode: async () => telegram.logins.code(phone) ?? '',
        password: async () => person.password ?? '',
        onError: (error) => {
          throw error;
        },
      });
      return made;
    },
    close: async () => {
      await destroyStockClients();
      await telegram.close();
    },
  };
}

/** The next update of a kind that reaches the client. */
export function next<Update extends Api.TypeUpdate>(
  client: TelegramClient,
  kind: new (...args: never[]) => Update,
): Promise<Update> {
  return new Promise((resolve) => {
    const event = new Raw({ types: [kind] });
    const handler = (update: Update): void => {
      client.removeEventHandler(handler, event);
      resolve(update);
    };
    client.addEventHandler(handler, event);
  });
}
