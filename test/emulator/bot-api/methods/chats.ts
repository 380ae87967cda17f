import type { Channel, Rights } from '../../world/model.js';
import { present } from '../../world/rights.js';
import { chatOf, groupOf, hasMet, latestPin, type Call, type Method } from '../call.js';
import { badRequest } from '../errors.js';
import type { Json } from '../../http/json.js';
import { chatJson } from '../render/chat.js';
import { memberJson, RIGHTS } from '../render/member.js';
import { messageJson } from '../render/message.js';

/** Chats and their members. */
export const CHATS: Readonly<Record<string, Method>> = {
  getChat,
  getChatMember: (call) => {
    const channel = groupOf(call);
    const userId = userOf(call);
    return memberJson(call, userId, channel.members.get(userId));
  },
  getChatAdministrators: (call) =>
    [...groupOf(call).members.values()]
      .filter(({ status }) => status === 'creator' || status === 'admin')
      .filter(({ userId }) => userId === call.bot.id || !call.world.account(userId).bot)
      .map((member) => memberJson(call, member.userId, member)),
  getChatMemberCount: (call) => {
    const peer = chatOf(call);
    return peer.kind === 'user' ? 2 : memberCount(call.world.channel(peer.id));
  },
  setChatTitle: (call) => {
    call.actor.rename(groupOf(call).id, call.params.requiredText('title'));
    return true;
  },
  banChatMember: (call) => {
    call.actor.kick(groupOf(call).id, userOf(call));
    return true;
  },
  promoteChatMember: (call) => {
    call.actor.promote(groupOf(call).id, userOf(call), rightsOf(call));
    return true;
  },
  leaveChat: (call) => {
    call.actor.leave(groupOf(call).id);
    return true;
  },
  // Nobody has a picture here.
  getUserProfilePhotos: (call) => {
    userOf(call);
    return { total_count: 0, photos: [] };
  },
};

function rightsOf({ params }: Call): Rights {
  const rights: Rights = {};
  for (const [field, right] of RIGHTS) if (params.flag(field)) rights[right] = true;
  if (params.flag('is_anonymous')) rights.anonymous = true;
  return rights;
}

/** ChatFullInfo, as far as this Telegram has it. */
function getChat(call: Call): Json {
  const peer = chatOf(call);
  const pinned = latestPin(call, peer);
  return {
    ...chatJson(call, peer),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
    },
    ...(peer.kind === 'channel' ? groupFields(call.world.channel(peer.id)) : {}),
    ...(pinned ? { pinned_message: messageJson(call, pinned, true) } : {}),
  };
}

function groupFields({ about, broadcast }: Channel): Json {
  const permissions = Object.fromEntries(PERMISSIONS.map((name) => [name, true]));
  return {
    ...(about === '' ? {} : { description: about }),
    ...(broadcast ? {} : { permissions }),
  };
}

const PERMISSIONS = [
  'can_send_messages',
  'can_send_audios',
  'can_send_documents',
  'can_send_photos',
  'can_send_videos',
  'can_send_video_notes',
  'can_send_voice_notes',
  'can_send_polls',
  'can_send_other_messages',
  'can_add_web_page_previews',
  'can_change_info',
  'can_invite_users',
  'can_pin_messages',
  'can_manage_topics',
] as const;

function memberCount(channel: Channel): number {
  return [...channel.members.keys()].filter((userId) => present(channel, userId)).length;
}

/** `user_id`, of somebody whom the bot has met. */
function userOf(call: Call): number {
  const userId = call.params.requiredInt('user_id');
  if (!call.world.accounts.has(userId) || !hasMet(call, userId)) throw badRequest('user not found');
  return userId;
}
