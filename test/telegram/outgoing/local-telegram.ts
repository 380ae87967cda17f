import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

import type { tl } from '@mtcute/tl';

import type { Content } from '../../../src/domain/content.js';
import type { MessageEvent, TelegramEvent } from '../../../src/domain/event.js';
import {
  commonBox,
  connectionId,
  deskId,
  ownerUserId,
  peerOf,
  type OwnerId,
  type Peer,
} from '../../../src/domain/ids.js';
import type { Sender } from '../../../src/ports/telegram.js';
import { systemClock } from '../../../src/runtime/clock.js';
import type { Caller } from '../../../src/telegram/link/link.js';
import { createTransfers } from '../../../src/telegram/media/transfer.js';
import { contentOf } from '../../../src/telegram/normalise/content.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createSender } from '../../../src/telegram/outgoing/sender.js';
import { createPeerDirectory, type PeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import type { CallingSession } from '../../../src/telegram/peers/session.js';
import { createClient, type Client } from '../../../src/telegram/rpc/client.js';
import { containerOf } from '../../../src/telegram/updates/containers.js';
import { createTelegram, type LocalTelegram } from '../../emulator/telegram.js';
import type { Account, Channel, Message } from '../../emulator/world/model.js';
import type { World } from '../../emulator/world/world.js';
import { silentLog } from '../../support/silent-log.js';
import { PeersInMemory } from './fake-session.js';

/**
 * The local Telegram over real TCP with a client (Ann), an operator (Olga), the company's bot as a connection, the desk bot and
 * a forum; and our rooms on two sessions, fed by their pushes.
 */
export class LocalSetting {
  readonly telegram: LocalTelegram;
  readonly world: World;
  readonly ann: Account;
  readonly olga: Account;
  readonly bot: Account;
  readonly deskBot: Account;
  readonly forum: Channel;
  readonly owner: OwnerId;
  readonly desk: OwnerId;
  readonly client: Peer;
  readonly group: Peer;
  readonly directory: PeerDirectory;
  readonly sender: Sender;
  /** Bytes that were read from Telegram and not yet stored there again, at most. */
  mostHeldBytes = 0;
  readonly #events: TelegramEvent[] = [];
  readonly #news = new EventEmitter();
  readonly #sessions = new Map<OwnerId, CallingSession>();
  readonly #clients: Client[] = [];
  #heldBytes = 0;

  constructor(dcs: readonly number[] = [2]) {
    this.telegram = createTelegram({ dcs, limits: { enabled: false } });
    this.world = this.telegram.world;
    this.ann = this.world.createUser({ firstName: 'Ann' });
    this.olga = this.world.createUser({ firstName: 'Olga' });
    this.bot = this.world.createBot({ firstName: 'Shop', username: 'shop_bot' });
    this.deskBot = this.world.createBot({ firstName: 'Desk', username: 'desk_bot', privacy: false });
    this.forum = this.world.createGroup({
      title: 'Support',
      creator: this.olga.id,
      forum: true,
      admins: [{ id: this.deskBot.id }],
    });
    this.owner = connectionId(String(this.bot.id));
    this.desk = deskId(String(this.deskBot.id));
    this.client = peerOf('user', this.ann.id);
    this.group = peerOf('channel', this.forum.id);
    const sessionOf = (owner: OwnerId) => this.#sessions.get(owner);
    this.directory = createPeerDirectory({ peers: new PeersInMemory(), sessionOf });
    const transfers = createTransfers({ sessionOf, peers: this.directory, clock: systemClock });
    this.sender = createSender({ sessionOf, peers: this.directory, transfers });
  }

  async open(): Promise<void> {
    const { host, ports } = await this.telegram.listen();
    for (const owner of [this.owner, this.desk]) {
      const authKey = randomBytes(256);
      this.telegram.server.registerAuthKey(authKey, { userId: BigInt(ownerUserId(owner)) });
      const client = createClient({
        server: {
          kind: 'custom',
          host,
          port: Object.values(ports)[0] ?? 0,
          publicKeyPem: this.telegram.publicKeyPem,
        },
        dc: 2,
        authKey,
        identity: { apiId: 1, deviceModel: 'test', appVersion: '0' },
        log: silentLog,
        clock: systemClock,
      });
      this.#clients.push(client);
      client.onUpdate((updates) => void this.#take(owner, containerOf(updates, Number(ownerUserId(owner)))));
      this.#sessions.set(owner, {
        owner,
        kind: 'bot',
        call: (method, options) => client.call(method, options),
        mediaLink: async (dc) => this.#counted(await client.mediaLink(dc)),
        resync: async () => undefined,
      });
      await client.call({ _: 'updates.getState' });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.telegram.close();
  }

  /** The next message that this session sees and no test has taken yet. */
  async message(owner: OwnerId): Promise<MessageEvent> {
    for (;;) {
      const at = this.#events.findIndex((event) => event.owner === owner && event.kind === 'message');
      const [event] = at < 0 ? [] : this.#events.splice(at, 1);
      if (event?.kind === 'message') return event;
      await once(this.#news, 'event');
    }
  }

  /** What a message of a group says, asked of Telegram by this session. */
  async fetch(owner: OwnerId, group: Peer, msgId: number): Promise<Content | undefined> {
    const channel = await this.directory.inputChannel(owner, group);
    const id: tl.TypeInputMessage[] = [{ _: 'inputMessageID', id: msgId }];
    const found = await this.#sessions.get(owner)?.call({ _: 'channels.getMessages', channel, id });
    const [message] = found === undefined || found._ === 'messages.messagesNotModified' ? [] : found.messages;
    return message?._ === 'message' ? contentOf(message) : undefined;
  }

  /** What stands in a topic of the group, oldest first, without the service messages. */
  posts(topic: number): Message[] {
    return [...this.forum.box.messages.values()].filter(
      ({ body }) => body.topic === topic && body.action === undefined,
    );
  }

  async #take(owner: OwnerId, container: ReturnType<typeof containerOf>): Promise<void> {
    if (container === undefined) return;
    const { users, chats, updates } = container;
    await this.directory.save(owner, users, chats);
    const context = {
      owner,
      box: commonBox,
      users: new Map(users.map((user) => [user.id, user])),
      chats: new Map(chats.map((chat) => [chat.id, chat])),
    };
    for (const update of updates) {
      const event = normaliseUpdate(update, context);
      if (event !== null) this.#events.push(event);
    }
    this.#news.emit('event');
  }

  #counted(link: Caller): Caller {
    return {
      call: async (method, options) => {
        const answer = await link.call(method, options);
        if (method._ === 'upload.getFile') this.#hold(fileBytes(answer));
        if (method._ === 'upload.saveFilePart' || method._ === 'upload.saveBigFilePart')
          this.#hold(-method.bytes.length);
        return answer;
      },
    };
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.mostHeldBytes = Math.max(this.mostHeldBytes, this.#heldBytes);
  }
}

function fileBytes(answer: unknown): number {
  const isFile = typeof answer === 'object' && answer !== null && 'bytes' in answer;
  return isFile && answer.bytes instanceof Uint8Array ? answer.bytes.length : 0;
}
