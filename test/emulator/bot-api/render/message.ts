import type { Body, Message, Peer, Reply } from '../../world/model.js';
import { samePeer } from '../../world/place.js';
import type { Json } from '../../http/json.js';
import { chatJson, GROUP_ANONYMOUS_BOT, userById } from './chat.js';
import { entitiesJson } from './entities.js';
import type { Eyes } from './eyes.js';
import { markupJson } from './markup.js';
import { mediaJson } from './media.js';
import { serviceJson } from './service.js';

/** Message as the bot has it. `shallow` leaves out what it replies to, as in a `reply_to_message`. */
export function messageJson(eyes: Eyes, message: Message, shallow = false): Json {
  const { body } = message;
  const inForum = message.peer.kind === 'channel' && eyes.world.channels.get(message.peer.id)?.forum === true;
  const topic = inForum && body.topic !== undefined;
  return {
    message_id: message.id,
    ...authorJson(eyes, message),
    chat: chatJson(eyes, message.peer),
    date: body.date,
    ...(topic ? { message_thread_id: body.topic, is_topic_message: true } : {}),
    ...(shallow ? {} : replyJson(eyes, message)),
    ...(body.action ? serviceJson(eyes, body.action) : contentJson(eyes, body)),
  };
}

/** A channel post has no `from`; an anonymous admin is shown as a bot standing for the group. */
function authorJson(eyes: Eyes, { peer, body }: Message): Json {
  if (body.from.kind === 'user') return { from: userById(eyes, body.from.id) };
  const sender = { sender_chat: chatJson(eyes, body.from) };
  return body.post || !samePeer(body.from, peer) ? sender : { from: GROUP_ANONYMOUS_BOT, ...sender };
}

function contentJson(eyes: Eyes, body: Body): Json {
  const entities = entitiesJson(eyes, body.entities);
  const [textField, entitiesField] = body.media ? ['caption', 'caption_entities'] : ['text', 'entities'];
  const markup = markupJson(body.markup);
  return {
    ...(body.forward ? { forward_origin: originJson(eyes, body) } : {}),
    ...(body.editDate === undefined || body.editHide ? {} : { edit_date: body.editDate }),
    ...(body.noforwards ? { has_protected_content: true } : {}),
    ...(body.groupedId === undefined ? {} : { media_group_id: String(body.groupedId) }),
    ...(body.media ? mediaJson(eyes, body.media) : {}),
    ...(body.media && body.text === '' ? {} : { [textField]: body.text }),
    ...(entities.length > 0 ? { [entitiesField]: entities } : {}),
    ...(body.media && body.invertMedia ? { show_caption_above_media: true } : {}),
    ...(markup ? { reply_markup: markup } : {}),
  };
}

/** In a topic, what replies to nothing replies to the message that made the topic. */
function replyJson(eyes: Eyes, message: Message): Json {
  const { box, body, peer } = message;
  const { reply } = body;
  if (!reply) {
    const isRoot = body.topic === undefined || body.topic === message.id;
    const root = isRoot ? undefined : box.messages.get(body.topic ?? -1);
    return root ? { reply_to_message: messageJson(eyes, root, true) } : {};
  }
  const target = box.messages.get(reply.to.copies.get(box) ?? -1);
  const inChat = target && samePeer(target.peer, peer) ? messageJson(eyes, target, true) : undefined;
  if (body.action?._ === 'messageActionPinMessage') return inChat ? { pinned_message: inChat } : {};
  return {
    ...(inChat ? { reply_to_message: inChat } : externalJson(eyes, peer, reply)),
    ...(reply.quote ? { quote: quoteJson(eyes, reply.quote) } : {}),
  };
}

/** A reply to another chat's message; what was replied to in this chat and is gone is not shown. */
function externalJson(eyes: Eyes, peer: Peer, { to, origin }: Reply): Json {
  // A private chat's origin is named as the author sees it: two users mean this chat.
  const here = samePeer(origin.peer, peer) || (peer.kind === 'user' && origin.peer.kind === 'user');
  if (here) return {};
  return {
    external_reply: {
      origin: originOf(eyes, to.from, to.date),
      ...(origin.peer.kind === 'channel' ? { chat: chatJson(eyes, origin.peer) } : {}),
      message_id: origin.id,
      ...(to.media ? mediaJson(eyes, to.media) : {}),
    },
  };
}

function quoteJson(eyes: Eyes, quote: NonNullable<Reply['quote']>): Json {
  const entities = entitiesJson(eyes, quote.entities ?? []);
  return {
    text: quote.text,
    position: quote.offset ?? 0,
    is_manual: true,
    ...(entities.length > 0 ? { entities } : {}),
  };
}

function originJson(eyes: Eyes, { forward }: Body): Json {
  const { from, fromName, date, channelPost } = forward ?? { date: 0 };
  if (!from) return { type: 'hidden_user', sender_user_name: fromName ?? '', date };
  const origin = originOf(eyes, from, date);
  return channelPost === undefined || origin['type'] !== 'channel'
    ? origin
    : { ...origin, message_id: channelPost };
}

function originOf(eyes: Eyes, from: Peer, date: number): Json {
  if (from.kind === 'user') return { type: 'user', sender_user: userById(eyes, from.id), date };
  const broadcast = eyes.world.channels.get(from.id)?.broadcast === true;
  const chat = chatJson(eyes, from);
  return broadcast ? { type: 'channel', chat, date } : { type: 'chat', sender_chat: chat, date };
}
