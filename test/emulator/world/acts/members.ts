import { RpcError } from '../../types.js';
import type { Account, Channel, Member, Rights } from '../model.js';
import { channelPeer, placeOf, type Place } from '../place.js';
import { isAdmin, present, requireRight } from '../rights.js';
import type { Turn } from '../turn.js';
import { post } from './post.js';

export function createChannel(
  turn: Turn,
  draft: { title: string; about?: string; broadcast?: boolean; forum?: boolean },
): Channel {
  if (draft.title.trim() === '') throw new RpcError(400, 'CHAT_TITLE_EMPTY');
  const channel = turn.world.createGroup({ ...draft, creator: turn.self.id });
  channel.about = draft.about ?? '';
  turn.tell(turn.self.id, { kind: 'channel', channel });
  post(turn, groupPlace(turn, channel.id), {
    action: { _: 'messageActionChannelCreate', title: draft.title },
  });
  return channel;
}

/** Bots join as plain members; people who are there already are passed over. */
export function invite(turn: Turn, channelId: number, userIds: number[]): Channel {
  const place = groupPlace(turn, channelId);
  requireRight(place.channel, turn.self, 'invite_users');
  const added = userIds.map((id) => turn.world.account(id)).filter(({ id }) => !present(place.channel, id));
  for (const account of added) enter(turn, place.channel, account);
  if (added.length > 0 && !place.channel.broadcast) {
    const users = added.map(({ id }) => BigInt(id));
    post(turn, place, { action: { _: 'messageActionChatAddUser', users } });
  }
  return place.channel;
}

export function join(turn: Turn, channelId: number): Channel {
  const channel = turn.world.channel(channelId);
  const before = channel.members.get(turn.self.id);
  if (before?.status === 'kicked') throw new RpcError(400, 'CHANNEL_PRIVATE');
  if (present(channel, turn.self.id)) throw new RpcError(400, 'USER_ALREADY_PARTICIPANT');
  enter(turn, channel, turn.self);
  if (!channel.broadcast) {
    const users = [BigInt(turn.self.id)];
    post(turn, groupPlace(turn, channelId), { action: { _: 'messageActionChatAddUser', users } });
  }
  return channel;
}

export function leave(turn: Turn, channelId: number): Channel {
  const place = groupPlace(turn, channelId);
  remove(turn, place, turn.self, 'left');
  return place.channel;
}

/** Removes and bans. */
export function kick(turn: Turn, channelId: number, userId: number): Channel {
  const place = groupPlace(turn, channelId);
  requireRight(place.channel, turn.self, 'ban_users');
  if (!present(place.channel, userId)) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
  if (isAdmin(place.channel, userId)) throw new RpcError(400, 'USER_ADMIN_INVALID');
  remove(turn, place, turn.world.account(userId), 'kicked');
  return place.channel;
}

/** Empty rights demote to a plain member. A bot that is not in the group yet joins as an admin. */
export function promote(
  turn: Turn,
  channelId: number,
  userId: number,
  rights: Rights,
  rank?: string,
): Channel {
  const { channel } = groupPlace(turn, channelId);
  requireRight(channel, turn.self, 'add_admins');
  const account = turn.world.account(userId);
  const before = channel.members.get(userId);
  if (before?.status === 'creator') throw new RpcError(400, 'USER_CREATOR');
  if (!present(channel, userId) && !account.bot) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
  const admin = Object.keys(rights).length > 0;
  setMember(turn, channel, account, {
    status: admin ? 'admin' : 'member',
    ...(admin ? { rights, promotedBy: turn.self.id } : {}),
    ...(rank ? { rank } : {}),
  });
  return channel;
}

export function member(turn: Turn, channelId: number, userId: number): Member {
  const { channel } = groupPlace(turn, channelId);
  const found = channel.members.get(userId);
  if (!found) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
  return found;
}

export function groupPlace(turn: Turn, channelId: number): Extract<Place, { kind: 'channel' }> {
  const place = placeOf(turn, channelPeer(channelId));
  if (place.kind !== 'channel') throw new RpcError(400, 'CHANNEL_INVALID');
  return place;
}

function enter(turn: Turn, channel: Channel, account: Account): void {
  setMember(turn, channel, account, { status: 'member' });
}

/** The service message goes out while the member is still there, so that he hears of it too. */
function remove(
  turn: Turn,
  place: Extract<Place, { kind: 'channel' }>,
  account: Account,
  status: 'left' | 'kicked',
): void {
  if (!place.channel.broadcast) {
    post(turn, place, { action: { _: 'messageActionChatDeleteUser', user_id: BigInt(account.id) } });
  }
  setMember(turn, place.channel, account, { status });
}

function setMember(
  turn: Turn,
  channel: Channel,
  account: Account,
  change: Pick<Member, 'status'> & Partial<Member>,
): void {
  const before = channel.members.get(account.id);
  const was = before && present(channel, account.id);
  const after: Member = {
    userId: account.id,
    date: was ? was.date : turn.world.now(),
    inviterId: was ? was.inviterId : turn.self.id,
    ...change,
  };
  channel.members.set(account.id, after);
  turn.tell(account.id, { kind: 'channel', channel });
  const date = turn.world.now();
  for (const bot of watchers(turn, channel, account)) {
    const facts = { channel, actorId: turn.self.id, userId: account.id, date, after };
    turn.onQts(bot, { kind: 'member', ...facts, ...(before ? { before } : {}) });
  }
}

/** Bots hear of their own membership always, of others' as admins. */
function watchers(turn: Turn, channel: Channel, changed: Account): Account[] {
  const bots = [...turn.members(channel)].filter(
    ({ bot, id }) => bot && id !== changed.id && isAdmin(channel, id),
  );
  return changed.bot ? [changed, ...bots] : bots;
}
