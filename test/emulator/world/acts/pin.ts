import { RpcError } from '../../types.js';
import type { Message, Peer } from '../model.js';
import { ends, messageAt, placeOf, type Place, samePeer } from '../place.js';
import { requireRight } from '../rights.js';
import type { Turn } from '../turn.js';
import type { Affected } from './erase.js';
import { post } from './post.js';

/** Pinning leaves a service message, unpinning none. In private chats it acts on both sides. */
export function pin(
  turn: Turn,
  peer: Peer,
  id: number,
  options: { unpin?: boolean; silent?: boolean },
): void {
  const place = placeOf(turn, peer);
  if (place.kind === 'channel') {
    requireRight(place.channel, turn.self, place.channel.broadcast ? 'edit_messages' : 'pin_messages');
  }
  const message = messageAt(place, id);
  const pinned = options.unpin !== true;
  if (message.body.pinned === pinned) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
  setPinned(turn, place, [message], pinned);
  if (!pinned) return;
  post(turn, place, {
    action: { _: 'messageActionPinMessage' },
    reply: { to: message.body, origin: { peer, id } },
    ...(message.body.topic === undefined ? {} : { topic: message.body.topic }),
    ...(options.silent ? { silent: true as const } : {}),
  });
}

export function unpinAll(turn: Turn, peer: Peer, topic?: number): Affected {
  const place = placeOf(turn, peer);
  if (place.kind === 'channel') requireRight(place.channel, turn.self, 'pin_messages');
  const pinned = [...place.box.messages.values()].filter(
    (message) =>
      message.body.pinned &&
      samePeer(message.peer, peer) &&
      (topic === undefined || (message.body.topic ?? 1) === topic),
  );
  if (pinned.length > 0) setPinned(turn, place, pinned, false);
  return { pts: place.box.pts, count: pinned.length };
}

function setPinned(turn: Turn, place: Place, messages: Message[], pinned: boolean): void {
  for (const { body } of messages) body.pinned = pinned;
  const count = messages.length;
  if (place.kind === 'channel') {
    const ids = messages.map(({ id }) => id);
    turn.inChannel(place.channel, { kind: 'pins', peer: place.peer, ids, pinned, count });
    return;
  }
  for (const account of ends(turn, place.other)) {
    const ids = messages.map(({ body }) => body.copies.get(account.box)).filter((id) => id !== undefined);
    const peer: Peer = { kind: 'user', id: account === turn.self ? place.other.id : turn.self.id };
    if (ids.length > 0) turn.inBox(account, { kind: 'pins', peer, ids, pinned, count: ids.length });
  }
}
