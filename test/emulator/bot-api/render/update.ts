import type { Tl } from '../../types.js';
import type { WorldEvent } from '../../world/model.js';
import type { Json } from '../../http/json.js';
import { chatJson, userById } from './chat.js';
import type { Eyes } from './eyes.js';
import { memberJson } from './member.js';
import { messageJson } from './message.js';
import { digits } from './digits.js';

/** The kinds of updates that this Telegram has. */
export type UpdateKind =
  | 'message'
  | 'edited_message'
  | 'channel_post'
  | 'edited_channel_post'
  | 'callback_query'
  | 'my_chat_member'
  | 'chat_member'
  | 'message_reaction';

export interface Rendered {
  kind: UpdateKind;
  value: Json;
}

/** What the Bot API makes of an event for this bot; undefined when it has no update for it. */
export function updateOf(eyes: Eyes, event: WorldEvent): Rendered | undefined {
  switch (event.kind) {
    case 'message':
    case 'edit':
      return messageUpdate(eyes, event);
    case 'callback': {
      const { query } = event;
      return {
        kind: 'callback_query',
        value: {
          id: String(query.id),
          from: userById(eyes, query.userId),
          message: messageJson(eyes, query.message),
          chat_instance: String(query.chatInstance),
          data: query.data.toString(),
        },
      };
    }
    case 'member':
      return {
        kind: event.userId === eyes.bot.id ? 'my_chat_member' : 'chat_member',
        value: {
          chat: chatJson(eyes, { kind: 'channel', id: event.channel.id }),
          from: userById(eyes, event.actorId),
          date: event.date,
          old_chat_member: memberJson(eyes, event.userId, event.before),
          new_chat_member: memberJson(eyes, event.userId, event.after),
        },
      };
    case 'stopped':
      return { kind: 'my_chat_member', value: stoppedJson(eyes, event) };
    case 'bot-reaction':
      return { kind: 'message_reaction', value: reactionUpdate(eyes, event) };
    default:
      return undefined;
  }
}

/**
 * A bot is not told what it wrote itself, by whichever session; of its own service messages it is told these
 * (telegram-bot-api, Client.cpp, need_skip_update_message).
 */
const OWN_SERVICE = new Set([
  'messageActionChatEditTitle',
  'messageActionChatDeleteUser',
  'messageActionPinMessage',
  'messageActionTopicCreate',
  'messageActionTopicEdit',
]);

function messageUpdate(
  eyes: Eyes,
  { kind, message }: Extract<WorldEvent, { kind: 'message' | 'edit' }>,
): Rendered | undefined {
  const { body } = message;
  const own = body.authorId === eyes.bot.id && !OWN_SERVICE.has(body.action?._ ?? '');
  if (own || (kind === 'edit' && body.editHide)) return undefined;
  const noun = body.post ? 'channel_post' : 'message';
  return { kind: kind === 'edit' ? `edited_${noun}` : noun, value: messageJson(eyes, message) };
}

function stoppedJson(eyes: Eyes, event: Extract<WorldEvent, { kind: 'stopped' }>): Json {
  const { bot } = eyes;
  const present = memberJson(eyes, bot.id, { userId: bot.id, status: 'member', date: 0, inviterId: bot.id });
  const gone = memberJson(eyes, bot.id, { userId: bot.id, status: 'kicked', date: 0, inviterId: bot.id });
  return {
    chat: chatJson(eyes, { kind: 'user', id: event.userId }),
    from: userById(eyes, event.userId),
    date: event.date,
    old_chat_member: event.stopped ? present : gone,
    new_chat_member: event.stopped ? gone : present,
  };
}

function reactionUpdate(eyes: Eyes, event: Extract<WorldEvent, { kind: 'bot-reaction' }>): Json {
  return {
    chat: chatJson(eyes, event.message.peer),
    message_id: event.message.id,
    user: userById(eyes, event.actorId),
    date: event.date,
    old_reaction: event.before.map(reactionJson),
    new_reaction: event.after.map(reactionJson),
  };
}

/** ReactionType. */
function reactionJson(reaction: Tl): Json {
  return reaction._ === 'reactionCustomEmoji'
    ? { type: 'custom_emoji', custom_emoji_id: digits(reaction['document_id']) }
    : { type: 'emoji', emoji: reaction['emoticon'] };
}
