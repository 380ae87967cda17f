import type { Body, Message } from '../model.js';
import { channelPeer, dialogOf, type Place, userPeer } from '../place.js';
import { present } from '../rights.js';
import type { Turn } from '../turn.js';

export type BodyFacts = Partial<Omit<Body, 'copies' | 'reactions' | 'authorId' | 'byBot'>>;

/** Puts a message into the world: one place in a channel, or one for each side of a private chat. No checks. */
export function post(turn: Turn, place: Place, facts: BodyFacts): Message {
  const body: Body = {
    from: author(turn, place),
    authorId: turn.self.id,
    byBot: turn.self.bot !== undefined,
    ...(place.kind === 'channel' && place.channel.broadcast ? { post: true as const } : {}),
    date: turn.world.now(),
    text: '',
    entities: [],
    pinned: false,
    ...facts,
    reactions: new Map(),
    copies: new Map(),
  };
  return place.kind === 'channel' ? postInChannel(turn, place, body) : postInPrivate(turn, place, body);
}

/** Anonymous admins and channel posts are shown as the channel itself. */
function author(turn: Turn, place: Place): Body['from'] {
  if (place.kind === 'private') return userPeer(turn.self.id);
  const anonymous = present(place.channel, turn.self.id)?.rights?.anonymous === true;
  return place.channel.broadcast || anonymous ? channelPeer(place.channel.id) : userPeer(turn.self.id);
}

function postInChannel(turn: Turn, place: Extract<Place, { kind: 'channel' }>, body: Body): Message {
  const { box, peer, channel } = place;
  const message: Message = { id: box.takeId(), box, peer, body };
  box.add(message);
  turn.inChannel(channel, { kind: 'message', message, count: 1 });
  return message;
}

function postInPrivate(turn: Turn, place: Extract<Place, { kind: 'private' }>, body: Body): Message {
  const mine = copyInto(turn, turn.self.id, place.other.id, body);
  if (place.other.id !== turn.self.id) copyInto(turn, place.other.id, turn.self.id, body);
  return mine;
}

function copyInto(turn: Turn, ownerId: number, otherId: number, body: Body): Message {
  const owner = turn.world.account(ownerId);
  const message: Message = { id: owner.box.takeId(), box: owner.box, peer: userPeer(otherId), body };
  owner.box.add(message);
  const dialog = dialogOf(owner, message.peer);
  dialog.topId = message.id;
  if (body.authorId !== ownerId) dialog.unread += 1;
  turn.inBox(owner, { kind: 'message', message, count: 1 });
  return message;
}
