import { RpcError } from '../../types.js';
import type { Channel } from '../model.js';
import { requireRight } from '../rights.js';
import type { Turn } from '../turn.js';
import { groupPlace } from './members.js';
import { post } from './post.js';

/** The creator's right alone. */
export function toggleForum(turn: Turn, channelId: number, enabled: boolean): Channel {
  const { channel } = groupPlace(turn, channelId);
  if (channel.creatorId !== turn.self.id) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
  if (channel.forum === enabled) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
  channel.forum = enabled;
  tellMembers(turn, channel);
  return channel;
}

export function rename(turn: Turn, channelId: number, title: string): Channel {
  const place = groupPlace(turn, channelId);
  requireRight(place.channel, turn.self, 'change_info');
  if (place.channel.title === title) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
  place.channel.title = title;
  post(turn, place, { action: { _: 'messageActionChatEditTitle', title } });
  tellMembers(turn, place.channel);
  return place.channel;
}

export function deleteChannel(turn: Turn, channelId: number): void {
  const { channel } = groupPlace(turn, channelId);
  if (channel.creatorId !== turn.self.id) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
  channel.deleted = true;
  tellMembers(turn, channel);
}

function tellMembers(turn: Turn, channel: Channel): void {
  for (const account of turn.members(channel)) turn.tell(account.id, { kind: 'channel', channel });
}
