/**
 * The naive mirror: stock GramJS clients receive the same updates, and for each message send one into the client's topic. No
 * store, no order, no second chance: what the library alone costs.
 */

import { readFileSync } from 'node:fs';
import bigInt from 'big-integer';
import { Api, type TelegramClient } from 'telegram';
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js';
import { stockClient } from '../../../test/support/stock-client.js';
import { serve } from '../process/serve.js';
import type { Opened, Ready } from './telegram.js';

const errors: string[] = [];
const ops = { errors: (_: null) => errors };

export type StockOps = typeof ops;

serve(ops);

const opened = JSON.parse(readFileSync(process.env['BENCH_WORLD'] ?? '', 'utf8')) as Opened;
const topics = new Map<string, Promise<number>>();
const desk = await connected(opened, opened.desk);
for (const bot of opened.bots) {
  const client = await connected(opened, bot);
  client.addEventHandler((event) => void mirror(bot, event), new NewMessage({ incoming: true }));
}
process.stdout.write('{"ready":true}\n');

async function connected({ host, port, dc, publicKey }: Opened, { authKey }: Ready): Promise<TelegramClient> {
  const { n, e, fingerprint } = publicKey;
  const key = { n: BigInt(n), e, fingerprint: BigInt(fingerprint) };
  const server = { host, ports: { [dc]: port }, publicKey: key };
  const client = await stockClient(server, { dc, authKey: Buffer.from(authKey, 'base64') });
  await client.connect();
  // What a stock client does to hear of updates at all.
  await client.invoke(new Api.updates.GetState());
  return client;
}

async function mirror(bot: Ready, { message }: NewMessageEvent): Promise<void> {
  try {
    const { peerId } = message;
    if (!(peerId instanceof Api.PeerUser)) return;
    const dialog = `${bot.id}-${peerId.userId.toString()}`;
    const known = topics.get(dialog) ?? openTopic(dialog);
    topics.set(dialog, known);
    const topic = await known;
    await desk.invoke(
      new Api.messages.SendMessage({
        peer: new Api.InputPeerChannel({ channelId: bigInt(opened.groupId), accessHash: bigInt.zero }),
        message: message.message,
        replyTo: new Api.InputReplyToMessage({ replyToMsgId: topic, topMsgId: topic }),
      }),
    );
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
}

async function openTopic(title: string): Promise<number> {
  const answer = await desk.invoke(
    new Api.channels.CreateForumTopic({
      channel: new Api.InputChannel({ channelId: bigInt(opened.groupId), accessHash: bigInt.zero }),
      title,
    }),
  );
  if (!(answer instanceof Api.Updates)) throw new Error('no updates for a topic');
  const made = answer.updates.find((update) => update instanceof Api.UpdateMessageID);
  if (made === undefined) throw new Error('no id for a topic');
  return made.id;
}
