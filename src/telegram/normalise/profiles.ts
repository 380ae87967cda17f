/** Who the peers of a container are, for the store. */

import type { tl } from '@mtcute/tl';

import { peerOf } from '../../domain/ids.js';
import type { KnownPeer } from '../../ports/store.js';
import { flag, present } from './present.js';

/** Names and access hashes; a `min` peer's hash is not for sending and is marked so. Empty ones are left out. */
export function profilesOf(users: readonly tl.TypeUser[], chats: readonly tl.TypeChat[]): KnownPeer[] {
  return [...users.map(userProfile), ...chats.map(chatProfile)].filter((peer) => peer !== undefined);
}

function userProfile(user: tl.TypeUser): KnownPeer | undefined {
  if (user._ === 'userEmpty') return undefined;
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ');
  return present<KnownPeer>({
    peer: peerOf('user', user.id),
    name: name || (user.deleted === true ? 'Deleted account' : `User ${user.id}`),
    username: usernameOf(user),
    language: user.langCode,
    premium: flag(user.premium),
    bot: flag(user.bot),
    accessHash: user.accessHash?.toString(),
    min: flag(user.min),
  });
}

function chatProfile(chat: tl.TypeChat): KnownPeer | undefined {
  switch (chat._) {
    case 'chatEmpty':
      return undefined;
    case 'chat':
    case 'chatForbidden':
      return { peer: peerOf('chat', chat.id), name: chat.title };
    case 'channel':
      return present<KnownPeer>({
        peer: peerOf('channel', chat.id),
        name: chat.title,
        username: usernameOf(chat),
        accessHash: chat.accessHash?.toString(),
        min: flag(chat.min),
      });
    case 'channelForbidden':
      return {
        peer: peerOf('channel', chat.id),
        name: chat.title,
        accessHash: chat.accessHash.toString(),
      };
  }
}

/** The main username; collectible ones come in a list instead. */
function usernameOf({ username, usernames }: tl.RawUser | tl.RawChannel): string | undefined {
  return username ?? usernames?.find(({ active }) => active === true)?.username;
}
