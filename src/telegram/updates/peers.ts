/** Whether a message can be understood with the peers at hand. If not, only a difference brings them. */
import type { tl } from '@mtcute/tl';
import type { PeerBook, WithPeers } from './ports.js';

type Kind = Parameters<PeerBook['knows']>[0];
type Peer = readonly [kind: Kind, id: number];

/** Known with a full access hash, here or before. */
export type Knows = (kind: Kind, id: number) => boolean;

/**
 * Updates of new or edited messages that name a peer nobody knows, or knows only as `min`. Service messages in channels are
 * never among them: it may be our own kick, and then no difference will be granted.
 */
export function incompleteOf(
  updates: readonly tl.TypeUpdate[],
  along: WithPeers,
  knows: Knows,
): ReadonlySet<tl.TypeUpdate> {
  const messages = updates.filter((update) => messageIn(update) !== undefined);
  if (messages.length === 0) return new Set();
  const here = fullPeers(along);
  const known = ([kind, id]: Peer) => here.has(`${kind}${id}`) || knows(kind, id);
  return new Set(messages.filter((update) => !namedPeers(messageIn(update)).every(known)));
}

function messageIn(update: tl.TypeUpdate): tl.RawMessage | tl.RawMessageService | undefined {
  switch (update._) {
    case 'updateNewMessage':
    case 'updateEditMessage':
      return update.message._ === 'messageEmpty' ? undefined : update.message;
    case 'updateNewChannelMessage':
    case 'updateEditChannelMessage':
      return update.message._ === 'message' ? update.message : undefined;
    default:
      return undefined;
  }
}

function fullPeers(along: WithPeers): ReadonlySet<string> {
  const full = new Set<string>();
  for (const user of along.users) if (user._ === 'user' && user.min !== true) full.add(`user${user.id}`);
  for (const chat of along.chats) {
    if (chat._ === 'channel' ? chat.min !== true : chat._ === 'channelForbidden')
      full.add(`channel${chat.id}`);
    else if (chat._ === 'chat' || chat._ === 'chatForbidden') full.add(`chat${chat.id}`);
  }
  return full;
}

/** Peer, author, forward origin, bot behind, peer of the reply, mentions, people of the action (TDLib's list). */
function namedPeers(message: tl.RawMessage | tl.RawMessageService | undefined): Peer[] {
  if (message === undefined) return [];
  const peers = [message.peerId, message.fromId];
  if (message.replyTo?._ === 'messageReplyHeader') peers.push(message.replyTo.replyToPeerId);
  const users: (number | undefined)[] = [];
  if (message._ === 'message') {
    peers.push(message.fwdFrom?.fromId);
    users.push(message.viaBotId);
    for (const entity of message.entities ?? [])
      if (entity._ === 'messageEntityMentionName') users.push(entity.userId);
  } else {
    users.push(...actionUsers(message.action));
  }
  return [
    ...peers.filter((peer) => peer !== undefined).map(pair),
    ...users.filter((id) => id !== undefined).map((id): Peer => ['user', id]),
  ];
}

function actionUsers(action: tl.TypeMessageAction): readonly number[] {
  switch (action._) {
    case 'messageActionChatCreate':
    case 'messageActionChatAddUser':
      return action.users;
    case 'messageActionChatDeleteUser':
      return [action.userId];
    case 'messageActionChatJoinedByLink':
      return [action.inviterId];
    default:
      return [];
  }
}

function pair(peer: tl.TypePeer): Peer {
  switch (peer._) {
    case 'peerUser':
      return ['user', peer.userId];
    case 'peerChat':
      return ['chat', peer.chatId];
    case 'peerChannel':
      return ['channel', peer.channelId];
  }
}
