import { RpcError } from '../../types.js';
import type { Channel, Message, Peer } from '../model.js';
import { dialogOf, placeOf, samePeer } from '../place.js';
import { may } from '../rights.js';
import type { Turn } from '../turn.js';

export interface Affected {
  pts: number;
  count: number;
}

/** Ids that don't exist are passed over silently. Without a peer: ids of the actor's common box. */
export function erase(turn: Turn, peer: Peer | undefined, ids: number[], revoke: boolean): Affected {
  if (peer?.kind === 'channel') {
    const place = placeOf(turn, peer);
    if (place.kind === 'channel') return eraseInChannel(turn, place.channel, ids);
  }
  const messages = ids
    .map((id) => turn.self.box.messages.get(id))
    .filter((message) => message !== undefined)
    .filter((message) => !peer || samePeer(message.peer, peer));
  return eraseInPrivate(turn, messages, revoke);
}

function eraseInChannel(turn: Turn, channel: Channel, ids: number[]): Affected {
  const messages = ids.map((id) => channel.box.messages.get(id)).filter((message) => message !== undefined);
  const foreign = messages.some(({ body }) => body.authorId !== turn.self.id);
  if (foreign && !may(channel, turn.self.id, 'delete_messages')) {
    throw new RpcError(403, 'MESSAGE_DELETE_FORBIDDEN');
  }
  return removeFromChannel(turn, channel, messages);
}

/** Without asking for rights. */
export function removeFromChannel(turn: Turn, channel: Channel, messages: Message[]): Affected {
  for (const message of messages) channel.box.remove(message);
  if (messages.length > 0) {
    turn.inChannel(channel, { kind: 'delete', channel, messages, count: messages.length });
  }
  return { pts: channel.box.pts, count: messages.length };
}

function eraseInPrivate(turn: Turn, messages: Message[], revoke: boolean): Affected {
  const removed = new Map<number, Message[]>();
  for (const message of messages) {
    for (const [box, id] of [...message.body.copies]) {
      const copy = box.messages.get(id);
      if (!copy || (!revoke && box !== turn.self.box)) continue;
      box.remove(copy);
      removed.set(box.owner.id, [...(removed.get(box.owner.id) ?? []), copy]);
    }
  }
  for (const [ownerId, copies] of removed) {
    const owner = turn.world.account(ownerId);
    turn.inBox(owner, { kind: 'delete', messages: copies, count: copies.length });
    for (const { peer } of copies) {
      const last = [...owner.box.messages.values()].findLast((message) => samePeer(message.peer, peer));
      dialogOf(owner, peer).topId = last?.id ?? 0;
    }
  }
  return { pts: turn.self.box.pts, count: messages.length };
}
