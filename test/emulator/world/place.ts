import { RpcError } from '../types.js';
import type { Account, Channel, Dialog, Message, Peer } from './model.js';
import { requirePresent } from './rights.js';
import type { Turn } from './turn.js';
import type { Box } from './box.js';

/** Where an operation happens. */
export type Place =
  | { kind: 'private'; other: Account; box: Box; peer: Peer }
  | { kind: 'channel'; channel: Channel; box: Box; peer: Peer };

export const peerKey = (peer: Peer): string => `${peer.kind}:${peer.id}`;
export const samePeer = (a: Peer, b: Peer): boolean => a.kind === b.kind && a.id === b.id;
export const userPeer = (id: number): Peer => ({ kind: 'user', id });
export const channelPeer = (id: number): Peer => ({ kind: 'channel', id });

/** Throws PEER_ID_INVALID for an unknown user, CHANNEL_INVALID or CHANNEL_PRIVATE for a group out of reach. */
export function placeOf(turn: Turn, peer: Peer): Place {
  if (peer.kind === 'user') {
    const other = turn.world.accounts.get(peer.id);
    if (!other) throw new RpcError(400, 'PEER_ID_INVALID');
    return { kind: 'private', other, box: turn.self.box, peer };
  }
  const channel = turn.world.channel(peer.id);
  requirePresent(channel, turn.self);
  return { kind: 'channel', channel, box: channel.box, peer };
}

/** A message of that dialog in the actor's view; throws MESSAGE_ID_INVALID. */
export function messageAt(place: Place, id: number): Message {
  const message = place.box.messages.get(id);
  if (!message || !samePeer(message.peer, place.peer)) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  return message;
}

/** The account's record of the dialog, made on first use. */
export function dialogOf(account: Account, peer: Peer): Dialog {
  const key = peerKey(peer);
  const known = account.dialogs.get(key);
  if (known) return known;
  const dialog: Dialog = { peer, topId: 0, readInboxMaxId: 0, readOutboxMaxId: 0, unread: 0 };
  account.dialogs.set(key, dialog);
  return dialog;
}

/** The accounts at both ends of a private place; one for the chat with oneself. */
export function ends(turn: Turn, other: Account): Account[] {
  return other.id === turn.self.id ? [other] : [turn.self, other];
}

/** A bot's posts are metered per chat. */
export function meter(turn: Turn, place: Place, count = 1): void {
  if (!turn.self.bot) return;
  turn.world.limits.take(turn.self.id, peerKey(place.peer), place.kind === 'channel', count);
}
