import type { Tl } from '../../types.js';
import type { Peer } from '../model.js';
import { dialogOf, placeOf, type Place, userPeer } from '../place.js';
import type { Turn } from '../turn.js';
import type { Affected } from './erase.js';

/** Marks everything up to `maxId` as read (0: everything). */
export function read(turn: Turn, peer: Peer, maxId: number): Affected {
  const place = placeOf(turn, peer);
  const top = Math.min(maxId > 0 ? maxId : place.box.lastId, place.box.lastId);
  const dialog = dialogOf(turn.self, peer);
  if (top <= dialog.readInboxMaxId) return { pts: turn.self.box.pts, count: 0 };
  const from = dialog.readInboxMaxId;
  dialog.readInboxMaxId = top;
  return place.kind === 'channel' ? readChannel(turn, place, from, top) : readPrivate(turn, place, from, top);
}

/** People in the other chair (not bots) see the typing; `action` default is typing text. */
export function typing(turn: Turn, peer: Peer, action?: Tl, topic?: number): void {
  const place = placeOf(turn, peer);
  const event = {
    kind: 'typing' as const,
    fromId: turn.self.id,
    action: action ?? { _: 'sendMessageTypingAction' },
    ...(topic === undefined ? {} : { topic }),
  };
  const audience = place.kind === 'channel' ? turn.members(place.channel) : [place.other];
  for (const account of audience) {
    if (account.bot || account.id === turn.self.id) continue;
    turn.tell(account.id, { ...event, peer: place.kind === 'channel' ? peer : userPeer(turn.self.id) });
  }
}

function readPrivate(
  turn: Turn,
  { other, peer }: Extract<Place, { kind: 'private' }>,
  from: number,
  top: number,
): Affected {
  const incoming = incomingBetween(turn, peer.id, from, top);
  const dialog = dialogOf(turn.self, peer);
  dialog.unread = Math.max(0, dialog.unread - incoming.length);
  turn.inBox(turn.self, { kind: 'read-inbox', peer, maxId: top, unread: dialog.unread, count: 1 });
  const theirs = incoming.map((message) => message.body.copies.get(other.box) ?? 0);
  const maxId = Math.max(0, ...theirs);
  if (maxId > 0 && other.id !== turn.self.id) {
    const outbox = dialogOf(other, userPeer(turn.self.id));
    outbox.readOutboxMaxId = Math.max(outbox.readOutboxMaxId, maxId);
    if (!other.bot) {
      turn.inBox(other, { kind: 'read-outbox', peer: userPeer(turn.self.id), maxId, count: 1 });
    }
  }
  return { pts: turn.self.box.pts, count: 1 };
}

function incomingBetween(turn: Turn, otherId: number, from: number, top: number) {
  const found = [];
  for (let id = from + 1; id <= top; id += 1) {
    const message = turn.self.box.messages.get(id);
    if (message?.peer.id === otherId && message.body.authorId !== turn.self.id) found.push(message);
  }
  return found;
}

/** Reading a channel is no event of the channel: it carries its pts for information, with count 0. */
function readChannel(
  turn: Turn,
  { channel, peer, box }: Extract<Place, { kind: 'channel' }>,
  from: number,
  top: number,
): Affected {
  const unread = [...box.messages.keys()].filter((id) => id > top).length;
  turn.tell(turn.self.id, { kind: 'read-inbox', peer, maxId: top, unread, pts: box.pts, count: 0 });
  const authors = new Map<number, number>();
  for (let id = from + 1; id <= top; id += 1) {
    const authorId = box.messages.get(id)?.body.authorId;
    if (authorId !== undefined && authorId !== turn.self.id) authors.set(authorId, id);
  }
  for (const [authorId, maxId] of authors) {
    const author = turn.world.account(authorId);
    const dialog = dialogOf(author, peer);
    if (author.bot || dialog.readOutboxMaxId >= maxId || !channel.members.has(authorId)) continue;
    dialog.readOutboxMaxId = maxId;
    turn.tell(authorId, { kind: 'read-outbox', peer, maxId, pts: box.pts, count: 0 });
  }
  return { pts: box.pts, count: 0 };
}
