import { RpcError } from '../types.js';
import type { Account, Channel, Member, RightName, Rights } from './model.js';

export const CREATOR_RIGHTS: Rights = {
  change_info: true,
  post_messages: true,
  edit_messages: true,
  delete_messages: true,
  ban_users: true,
  invite_users: true,
  pin_messages: true,
  add_admins: true,
  manage_call: true,
  other: true,
  manage_topics: true,
};

/** The member record of somebody who is in the group now. */
export function present(channel: Channel, userId: number): Member | undefined {
  const member = channel.members.get(userId);
  return member && member.status !== 'left' && member.status !== 'kicked' ? member : undefined;
}

export function isAdmin(channel: Channel, userId: number): boolean {
  const status = present(channel, userId)?.status;
  return status === 'creator' || status === 'admin';
}

export function may(channel: Channel, userId: number, right: RightName): boolean {
  const member = present(channel, userId);
  return member?.status === 'creator' || (member?.status === 'admin' && member.rights?.[right] === true);
}

/** Throws CHANNEL_PRIVATE for everybody outside: never there, left, or kicked. */
export function requirePresent(channel: Channel, account: Account): Member {
  const member = present(channel, account.id);
  if (!member) throw new RpcError(400, 'CHANNEL_PRIVATE');
  return member;
}

/** Throws CHAT_ADMIN_REQUIRED unless the account holds the right. */
export function requireRight(channel: Channel, account: Account, right: RightName): void {
  requirePresent(channel, account);
  if (!may(channel, account.id, right)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
}
