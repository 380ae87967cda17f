/** Two bots of one local Telegram, side by side: one run by stock GramJS, one by our session over our link. Ann writes to both. */

import { randomBytes } from 'node:crypto';
import { Api, type TelegramClient } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import type { TelegramEvent } from '../../../src/domain/event.js';
import { connectionId } from '../../../src/domain/ids.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createPeerDirectory, type PeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { createClient } from '../../../src/telegram/rpc/client.js';
import { openSession, type OpenedSession } from '../../../src/telegram/session/session.js';
import { createEngine } from '../../../src/telegram/updates/engine.js';
import type { Fault } from '../../emulator/mtproto/faults.js';
import { createTelegram, type LocalTelegram } from '../../emulator/telegram.js';
import type { Account } from '../../emulator/world/model.js';
import { silentLog } from '../../support/silent-log.js';
import { destroyStockClients, stockClient } from '../../support/stock-client.js';
import { memoryPeers, memoryUpdates } from '../fleet/memory-rows.js';
import { until } from './wait.js';

export interface Pair {
  readonly telegram: LocalTelegram;
  readonly ann: Account;
  readonly stock: {
    readonly bot: Account;
    readonly client: TelegramClient;
    /** Texts of new messages as the handlers got them. */
    readonly heard: string[];
    reconnecting(): boolean;
    /** Names of everything that a raw handler got. */
    readonly raw: string[];
  };
  readonly ours: {
    readonly bot: Account;
    readonly session: OpenedSession;
    readonly directory: PeerDirectory;
    /** Texts of new messages and `sent RANDOM_ID` of own ones as the journal has them, in its order. */
    readonly heard: () => string[];
    /** Why the session says it is over, if it is. */
    readonly death: () => string | undefined;
  };
  /** Ann writes this to both bots. */
  say(...texts: string[]): void;
  /** Injects the fault for both bots, each its own times. */
  fault(fault: Fault): void;
  /** Requests of a bot since the pair stands, by method. */
  called(bot: Account, method: string): number;
  close(): Promise<void>;
}

/** Private part of GramJS 2.26.22: whether it is in the pause before it connects again. */
interface Reconnecting {
  readonly _sender: { readonly isReconnecting: boolean };
}

/** What raw handlers get: also whole containers that hold a single update. */
export type StockUpdate = Api.TypeUpdate | Api.TypeUpdates;

/** The text of a new message, if this is one. */
export function textOf(update: StockUpdate): string | undefined {
  if (update instanceof Api.UpdateShortMessage) return update.message;
  return update instanceof Api.UpdateNewMessage && update.message instanceof Api.Message
    ? update.message.message
    : undefined;
}

function noted(event: TelegramEvent): string[] {
  if (event.kind === 'message') return [event.content.text.text];
  return event.kind === 'sent' ? [`sent ${event.randomId}`] : [];
}

/** Both are connected, know their state and have said so. */
export async function openPair(): Promise<Pair> {
  const telegram = createTelegram();
  const { host, ports } = await telegram.listen();
  const { world, server } = telegram;
  const ann = world.createUser({ firstName: 'Ann' });
  const [stockBot, ourBot] = ['stock', 'ours'].map((name) =>
    world.createBot({ firstName: name, username: `${name}_bot` }),
  ) as [Account, Account];
  const say = (...texts: string[]): void => {
    for (const text of texts)
      for (const { id } of [stockBot, ourBot]) world.actAs(ann).send({ kind: 'user', id }, { text });
  };
  say('hello');
  const keyOf = ({ id }: Account): Buffer => {
    const key = randomBytes(256);
    server.registerAuthKey(key, { userId: BigInt(id) });
    return key;
  };

  const heard: string[] = [];
  const raw: string[] = [];
  const client = await stockClient(
    { host, ports, publicKey: server.publicKey },
    { authKey: keyOf(stockBot) },
  );
  client.addEventHandler((update: StockUpdate) => {
    raw.push(update.className);
    const text = textOf(update);
    if (text !== undefined) heard.push(text);
  }, new Raw({}));
  await client.connect();
  await client.getMe();
  await client.invoke(new Api.updates.GetState());

  const updates = memoryUpdates();
  const peers = memoryPeers();
  const directory = createPeerDirectory({ peers, sessionOf: () => session });
  const owner = connectionId(String(ourBot.id));
  let death: string | undefined;
  let live = false;
  const session: OpenedSession = await openSession(
    {
      openClient: ({ dc, authKey }) =>
        createClient({
          server: { kind: 'custom', host, port: ports[2] ?? 0, publicKeyPem: telegram.publicKeyPem },
          dc,
          authKey,
          identity: { apiId: 1, apiHash: 'hash', deviceModel: 'test', appVersion: '1' },
          clock: systemClock,
          log: silentLog,
        }),
      createEngine,
      updates,
      peers,
      directory,
      normalise: normaliseUpdate,
      clock: systemClock,
      log: silentLog,
      random: Math.random,
      onJournaled: () => undefined,
    },
    {
      owner,
      key: { dc: 2, authKey: keyOf(ourBot), userId: String(ourBot.id), kind: 'bot' },
      lease: { fence: 1, holds: () => true },
      shared: false,
    },
    ({ state }) => (live ||= state === 'live'),
  );
  void session.ended.then((end) => (death = end.kind === 'stale' ? end.kind : end.error.detail));
  await until('our session', () => live);
  telegram.calls.length = 0;

  return {
    telegram,
    ann,
    stock: {
      bot: stockBot,
      client,
      heard,
      raw,
      // The one named boundary.
      reconnecting: () => (client as unknown as Reconnecting)._sender.isReconnecting,
    },
    ours: {
      bot: ourBot,
      session,
      directory,
      heard: () =>
        [...updates.of(owner).rows.values()]
          .toSorted((a, b) => a.ord - b.ord)
          .flatMap(({ event }) => noted(event)),
      death: () => death,
    },
    say,
    fault(fault) {
      for (const { id } of [stockBot, ourBot])
        telegram.faults.add({ ...fault, when: { ...fault.when, user: BigInt(id) } });
    },
    called: (bot, method) =>
      telegram.calls.filter(({ name, caller }) => name === method && caller.userId === BigInt(bot.id)).length,
    async close() {
      await destroyStockClients();
      await session.close('drain');
      await telegram.close();
    },
  };
}
