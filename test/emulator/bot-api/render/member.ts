import type { Member, RightName } from '../../world/model.js';
import type { Json } from '../../http/json.js';
import { userById } from './chat.js';
import type { Eyes } from './eyes.js';

/** Admin rights by their names at the Bot API and in the world. */
export const RIGHTS: readonly (readonly [field: string, right: RightName])[] = [
  ['can_manage_chat', 'other'],
  ['can_change_info', 'change_info'],
  ['can_post_messages', 'post_messages'],
  ['can_edit_messages', 'edit_messages'],
  ['can_delete_messages', 'delete_messages'],
  ['can_restrict_members', 'ban_users'],
  ['can_invite_users', 'invite_users'],
  ['can_pin_messages', 'pin_messages'],
  ['can_promote_members', 'add_admins'],
  ['can_manage_video_chats', 'manage_call'],
  ['can_manage_topics', 'manage_topics'],
];

/** ChatMember; somebody who was never there has left. */
export function memberJson(eyes: Eyes, userId: number, member: Member | undefined): Json {
  const user = userById(eyes, userId);
  const rank = member?.rank === undefined ? {} : { custom_title: member.rank };
  switch (member?.status) {
    case 'creator':
      return { user, status: 'creator', is_anonymous: member.rights?.anonymous === true, ...rank };
    case 'admin':
      return {
        user,
        status: 'administrator',
        can_be_edited: member.promotedBy === eyes.bot.id,
        is_anonymous: member.rights?.anonymous === true,
        ...Object.fromEntries(
          // Every administrator manages the chat, whatever else he may (core.telegram.org/bots/api#chatmemberadministrator).
          RIGHTS.map(([field, right]) => [
            field,
            field === 'can_manage_chat' || member.rights?.[right] === true,
          ]),
        ),
        ...rank,
      };
    case 'member':
      return { user, status: 'member' };
    case 'kicked':
      return { user, status: 'kicked', until_date: 0 };
    case 'left':
    case undefined:
      return { user, status: 'left' };
  }
}
