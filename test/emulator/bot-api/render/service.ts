import type { Tl } from '../../types.js';
import type { Json } from '../../http/json.js';
import { userById } from './chat.js';
import type { Eyes } from './eyes.js';
import { digits } from './digits.js';

/** The Message fields of a service message, pins apart; an action that the Bot API has not gives none. */
export function serviceJson(eyes: Eyes, action: Tl): Json {
  switch (action._) {
    case 'messageActionTopicCreate':
      return {
        forum_topic_created: {
          name: action['title'],
          icon_color: action['icon_color'],
          ...iconJson(action),
        },
      };
    case 'messageActionTopicEdit':
      return topicEditJson(action);
    case 'messageActionChatAddUser': {
      const users = ((action['users'] ?? []) as bigint[]).map((id) => userById(eyes, Number(id)));
      return { new_chat_members: users, new_chat_member: users[0], new_chat_participant: users[0] };
    }
    case 'messageActionChatDeleteUser': {
      const user = userById(eyes, Number(action['user_id']));
      return { left_chat_member: user, left_chat_participant: user };
    }
    case 'messageActionChatEditTitle':
      return { new_chat_title: action['title'] };
    case 'messageActionChannelCreate':
      return { supergroup_chat_created: true };
    default:
      return {};
  }
}

function topicEditJson(action: Tl): Json {
  const { title, closed, hidden } = action;
  if (closed !== undefined) return { [closed === true ? 'forum_topic_closed' : 'forum_topic_reopened']: {} };
  if (hidden !== undefined) {
    return { [hidden === true ? 'general_forum_topic_hidden' : 'general_forum_topic_unhidden']: {} };
  }
  return { forum_topic_edited: { ...(title === undefined ? {} : { name: title }), ...iconJson(action) } };
}

function iconJson(action: Tl): Json {
  const icon = action['icon_emoji_id'];
  return icon === undefined ? {} : { icon_custom_emoji_id: digits(icon) };
}
