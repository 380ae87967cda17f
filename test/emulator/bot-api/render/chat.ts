import type { Account, Channel, Peer } from '../../world/model.js';
import { chatId } from '../ids.js';
import type { Json } from '../../http/json.js';
import type { Eyes } from './eyes.js';

/** User. */
export function userJson(account: Account): Json {
  return {
    id: account.id,
    is_bot: account.bot !== undefined,
    first_name: account.firstName,
    ...(account.lastName === undefined ? {} : { last_name: account.lastName }),
    ...(account.username === undefined ? {} : { username: account.username }),
    ...(account.langCode === undefined ? {} : { language_code: account.langCode }),
    ...(account.premium ? { is_premium: true } : {}),
  };
}

export function userById({ world }: Eyes, id: number): Json {
  return userJson(world.account(id));
}

/** Chat. */
export function chatJson({ world }: Eyes, peer: Peer): Json {
  if (peer.kind === 'user') return privateChat(world.account(peer.id));
  const channel = world.channels.get(peer.id);
  return channel ? groupChat(channel) : { id: chatId(peer), type: 'supergroup', title: '' };
}

/** Who stands for an anonymous admin (core.telegram.org/bots/api#message, `from`). */
export const GROUP_ANONYMOUS_BOT: Json = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

function privateChat(account: Account): Json {
  return {
    id: account.id,
    type: 'private',
    first_name: account.firstName,
    ...(account.lastName === undefined ? {} : { last_name: account.lastName }),
    ...(account.username === undefined ? {} : { username: account.username }),
  };
}

function groupChat(channel: Channel): Json {
  return {
    id: chatId({ kind: 'channel', id: channel.id }),
    type: channel.broadcast ? 'channel' : 'supergroup',
    title: channel.title,
    ...(channel.username === undefined ? {} : { username: channel.username }),
    ...(channel.forum ? { is_forum: true } : {}),
  };
}
