/**
 * The same work on the stock library alone, as one would write it in an afternoon: three GramJS clients, a topic per dialog, a
 * message for a message. No store, so that a restart begins with the topics that it finds by title.
 */

import bigInt from 'big-integer';
import { Api, type TelegramClient } from 'telegram';
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js';
import { stockClient } from '../../../test/support/stock-client.js';
import type { MirrorWorld } from './world.js';

const world = JSON.parse(process.env['MIRROR_WORLD'] ?? '{}') as MirrorWorld;
const group = { channelId: bigInt(world.groupId), accessHash: bigInt.zero };
const channel = new Api.InputChannel(group);
const peer = new Api.InputPeerChannel(group);
const topics = new Map<string, Promise<number>>();
/** Topic → who answers whom. */
const dialogs = new Map<number, { client: TelegramClient; user: Api.TypeInputPeer }>();

const desk = await connected(world.desk);
const connections = [await connected(world.shop), await connected(world.owner)];
for (const client of connections)
  client.addEventHandler((event) => void mirror(client, event), new NewMessage({}));
desk.addEventHandler((event) => void answer(event), new NewMessage({ incoming: true }));
process.stdout.write('{"ready":true}\n');

async function connected(authKey: string): Promise<TelegramClient> {
  const { host, ports, publicKey } = world;
  const key = { n: BigInt(publicKey.n), e: publicKey.e, fingerprint: BigInt(publicKey.fingerprint) };
  const server = { host, ports, publicKey: key };
  // The library's own settings of reconnection.
  const params = { retryDelay: 1000, connectionRetries: Infinity };
  const client = await stockClient(server, { authKey: Buffer.from(authKey, 'base64'), params });
  await client.connect();
  await client.getMe();
  // What a stock client does to hear of updates at all.
  await client.invoke(new Api.updates.GetState());
  return client;
}

async function mirror(client: TelegramClient, { message }: NewMessageEvent): Promise<void> {
  try {
    const { peerId } = message;
    if (!(peerId instanceof Api.PeerUser)) return;
    const user = await client.getEntity(peerId);
    if (!(user instanceof Api.User)) return;
    const title = user.firstName ?? '';
    const known = topics.get(title) ?? openTopic(title);
    topics.set(title, known);
    const topic = await known;
    dialogs.set(topic, { client, user: await client.getInputEntity(peerId) });
    await desk.invoke(
      new Api.messages.SendMessage({
        peer,
        message: message.message,
        replyTo: new Api.InputReplyToMessage({ replyToMsgId: topic, topMsgId: topic }),
      }),
    );
  } catch (error) {
    tell(error);
  }
}

async function answer({ message }: NewMessageEvent): Promise<void> {
  try {
    const reply = message.replyTo;
    if (!(reply instanceof Api.MessageReplyHeader)) return;
    const dialog = dialogs.get(reply.replyToTopId ?? reply.replyToMsgId ?? 0);
    if (dialog === undefined) return;
    await dialog.client.invoke(new Api.messages.SendMessage({ peer: dialog.user, message: message.message }));
  } catch (error) {
    tell(error);
  }
}

async function openTopic(title: string): Promise<number> {
  const made = await desk.invoke(new Api.channels.CreateForumTopic({ channel, title }));
  const update =
    made instanceof Api.Updates ? made.updates.find((one) => one instanceof Api.UpdateMessageID) : undefined;
  if (update === undefined) throw new Error('no id for a topic');
  return update.id;
}

function tell(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
