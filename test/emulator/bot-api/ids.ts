import type { Peer } from '../world/model.js';

const CHANNEL_BASE = 1_000_000_000_000;

/** Chat id as the Bot API writes it: users as they are, supergroups and channels as -100…. */
export function chatId(peer: Peer): number {
  return peer.kind === 'user' ? peer.id : -(CHANNEL_BASE + peer.id);
}

/** The way back; undefined for ids of basic groups, which this world has not. */
export function peerOfChatId(id: number): Peer | undefined {
  if (id > 0) return { kind: 'user', id };
  const channel = -id - CHANNEL_BASE;
  return channel > 0 ? { kind: 'channel', id: channel } : undefined;
}

/** The topic that every forum has. */
export const GENERAL = 1;
