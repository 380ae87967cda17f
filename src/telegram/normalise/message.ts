/** One message, as the session saw it. */

import type { tl } from '@mtcute/tl';

import type { MessageEvent } from '../../domain/event.js';
import { boxOf, ownerUserId, peerOf, peerParts, type OwnerId, type Peer } from '../../domain/ids.js';
import { contentOf } from './content.js';
import { peerFromTl } from './peer.js';
import { present } from './present.js';
import { serviceContent, serviceName } from './service.js';
import { placeInTopic } from './topic.js';

/** What a message needs beside itself to be understood. */
export interface MessageContext {
  /** The session that got it. */
  readonly owner: OwnerId;
  /** Users and chats that came in the same container or difference, by bare id. */
  readonly users: ReadonlyMap<number, tl.TypeUser>;
  readonly chats: ReadonlyMap<number, tl.TypeChat>;
}

/** Null for a message that is not there (`messageEmpty`). */
export function messageEvent(message: tl.TypeMessage, context: MessageContext): MessageEvent | null {
  if (message._ === 'messageEmpty') return null;
  const peer = peerFromTl(message.peerId);
  const author = authorOf(message, peer, context.owner);
  const service = message._ === 'messageService' ? message.action : undefined;
  return present<MessageEvent>({
    kind: 'message',
    owner: context.owner,
    box: boxOf(peer),
    peer,
    msgId: message.id,
    out: message.out === true,
    author,
    authorIsBot: isBot(author, context),
    date: message.date,
    ...placeInTopic(message, peer, isForum(peer, context)),
    groupedId: message._ === 'message' ? message.groupedId?.toString() : undefined,
    content: message._ === 'message' ? contentOf(message) : serviceContent(message.action),
    service: service && serviceName(service),
  });
}

/**
 * `from_id` is left out where it is plain: in private chats (the other one, or ourselves), and for posts and anonymous
 * administrators, who write as the chat itself.
 */
function authorOf(message: tl.RawMessage | tl.RawMessageService, peer: Peer, owner: OwnerId): Peer {
  if (message.fromId !== undefined) return peerFromTl(message.fromId);
  const isPrivate = peerParts(peer).kind === 'user';
  return isPrivate && message.out === true ? peerOf('user', ownerUserId(owner)) : peer;
}

/** False where the container did not bring the author. */
function isBot(author: Peer, { users }: MessageContext): boolean {
  const { kind, id } = peerParts(author);
  const user = kind === 'user' ? users.get(Number(id)) : undefined;
  return user?._ === 'user' && user.bot === true;
}

function isForum(peer: Peer, { chats }: MessageContext): boolean {
  const { kind, id } = peerParts(peer);
  const chat = kind === 'channel' ? chats.get(Number(id)) : undefined;
  return chat?._ === 'channel' && chat.forum === true;
}
