import { chatId } from '../../bot-api/ids.js';
import type { Account, Channel, Message, Topic } from '../../world/model.js';
import type { World } from '../../world/world.js';
import type { Json } from '../act.js';
import { messageView, nameOf } from './message.js';

/** Everything there is: people and bots with their private chats, groups with their topics. */
export function worldView(world: World, only: (id: number) => boolean = () => true): Json {
  const accounts = [...world.accounts.values()].filter(({ id }) => only(id));
  return {
    now: world.now(),
    users: accounts.filter(({ bot }) => !bot).map((account) => accountView(world, account)),
    bots: accounts.filter(({ bot }) => bot).map((account) => accountView(world, account)),
    groups: [...world.channels.values()]
      .filter(({ id }) => only(id))
      .map((channel) => groupView(world, channel)),
  };
}

function accountView(world: World, account: Account): Json {
  const { id, firstName, lastName, username, phone, langCode, premium, dc, bot } = account;
  return {
    id,
    firstName,
    ...(lastName === undefined ? {} : { lastName }),
    ...(username === undefined ? {} : { username }),
    ...(phone === undefined ? {} : { phone }),
    ...(langCode === undefined ? {} : { langCode }),
    ...(premium ? { premium } : {}),
    ...(bot ? { token: bot.token, privacy: bot.privacy } : {}),
    dc,
    pts: account.box.pts,
    blocked: [...account.blocked],
    chats: chatsOf(world, account),
  };
}

/** The private chats as this side sees them, each in order. */
function chatsOf(world: World, account: Account): Json[] {
  const chats = new Map<number, Message[]>();
  for (const message of account.box.messages.values()) {
    const known = chats.get(message.peer.id);
    if (known) known.push(message);
    else chats.set(message.peer.id, [message]);
  }
  return [...chats].map(([id, messages]) => {
    const dialog = account.dialogs.get(`user:${id}`);
    return {
      with: id,
      kind: world.accounts.get(id)?.bot ? 'bot' : 'user',
      name: nameOf(world, { kind: 'user', id }),
      unread: dialog?.unread ?? 0,
      readInboxMaxId: dialog?.readInboxMaxId ?? 0,
      readOutboxMaxId: dialog?.readOutboxMaxId ?? 0,
      messages: messages.map((message) => messageView(world, message)),
    };
  });
}

function groupView(world: World, channel: Channel): Json {
  const { id, title, username, forum, broadcast, deleted, box } = channel;
  const messages = [...box.messages.values()];
  const views = (wanted: Message[]): Json[] => wanted.map((message) => messageView(world, message));
  return {
    id,
    chatId: chatId({ kind: 'channel', id }),
    title,
    ...(username === undefined ? {} : { username }),
    forum,
    broadcast,
    deleted,
    pts: box.pts,
    members: [...channel.members.values()].map(({ userId, status, rights, rank }) => ({
      id: userId,
      name: nameOf(world, { kind: 'user', id: userId }),
      status,
      ...(rights ? { rights: Object.keys(rights) } : {}),
      ...(rank === undefined ? {} : { rank }),
    })),
    topics: forum
      ? [...channel.topics.values()].map((topic) => ({
          ...topicView(topic),
          messages: views(messages.filter(({ body }) => (body.topic ?? 1) === topic.id)),
        }))
      : [],
    messages: forum ? [] : views(messages),
  };
}

function topicView({ id, title, iconColor, creatorId, date, closed, hidden, pinned, deleted }: Topic): Json {
  return { id, title, iconColor, creatorId, date, closed, hidden, pinned, deleted };
}
