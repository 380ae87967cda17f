import type { Tl } from '../../types.js';
import type { Body, Message, Reply } from '../../world/model.js';
import { mediaTl } from './media.js';
import type { View } from './view.js';

/** TL Message as the viewer has it: `out` is his, ids are of his box. */
export function messageTl(view: View, message: Message): Tl {
  const { body } = message;
  const common: Tl = {
    _: body.action ? 'messageService' : 'message',
    id: message.id,
    peer_id: view.peer(message.peer),
    from_id: view.peer(body.from),
    date: body.date,
    ...(body.authorId === view.viewer.id ? { out: true } : {}),
    ...(body.silent ? { silent: true } : {}),
    ...(isPost(body) ? { post: true } : {}),
    ...replyTo(view, message),
    ...(body.reactions.size > 0 ? { reactions: reactionsTl(view, body) } : {}),
  };
  if (isPost(body)) delete common['from_id'];
  return body.action ? service(view, common, body.action) : content(view, common, body);
}

/** TL MessageReactions as they stand now. */
export function reactionsTl(view: View, body: Body): Tl {
  const results = new Map<string, Tl>();
  const recent: Tl[] = [];
  for (const [userId, { reactions, date, big }] of body.reactions) {
    const my = userId === view.viewer.id;
    for (const reaction of reactions) {
      const key = reactionKey(reaction);
      const counted = results.get(key) ?? { _: 'reactionCount', reaction, count: 0 };
      counted['count'] = Number(counted['count']) + 1;
      if (my) counted['chosen_order'] = 0;
      results.set(key, counted);
      const peer_id = view.user(userId);
      recent.push({
        _: 'messagePeerReaction',
        peer_id,
        date,
        reaction,
        ...(my ? { my } : {}),
        ...(big ? { big } : {}),
      });
    }
  }
  return {
    _: 'messageReactions',
    can_see_list: true,
    results: [...results.values()],
    recent_reactions: recent,
  };
}

/** Emoji, or the id of a custom one. */
function reactionKey({ emoticon, document_id: custom }: Tl): string {
  if (typeof emoticon === 'string') return emoticon;
  return typeof custom === 'bigint' ? custom.toString() : '';
}

/** The header's fields, for whole messages and for updateShortMessage. */
export function replyTo(view: View, { box, peer, body }: Message): { reply_to?: Tl } {
  const { reply, topic } = body;
  const root = body.action?._ === 'messageActionTopicCreate';
  const inTopic = topic !== undefined && !root;
  if (!reply) {
    return inTopic
      ? { reply_to: { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: topic } }
      : {};
  }
  const id = reply.to.copies.get(box) ?? reply.origin.id;
  const foreign = peer.kind === 'channel' && reply.origin.peer.id !== peer.id;
  return {
    reply_to: {
      _: 'messageReplyHeader',
      reply_to_msg_id: id,
      ...(inTopic ? { forum_topic: true } : {}),
      ...(inTopic && id !== topic ? { reply_to_top_id: topic } : {}),
      ...(foreign ? { reply_to_peer_id: view.peer(reply.origin.peer) } : {}),
      ...quoteFields(reply.quote),
    },
  };
}

function forwardFields(view: View, { forward }: Body): { fwd_from?: Tl } {
  if (!forward) return {};
  return {
    fwd_from: {
      _: 'messageFwdHeader',
      date: forward.date,
      ...(forward.from ? { from_id: view.peer(forward.from) } : {}),
      ...(forward.fromName === undefined ? {} : { from_name: forward.fromName }),
      ...(forward.channelPost === undefined ? {} : { channel_post: forward.channelPost }),
    },
  };
}

function quoteFields(quote: Reply['quote']): Partial<Tl> {
  if (!quote) return {};
  return {
    quote: true,
    quote_text: quote.text,
    ...(quote.entities ? { quote_entities: quote.entities } : {}),
    ...(quote.offset === undefined ? {} : { quote_offset: quote.offset }),
  };
}

function service(view: View, common: Tl, action: Tl): Tl {
  for (const id of [action['user_id'], ...((action['users'] ?? []) as bigint[])]) {
    if (id !== undefined) view.mention(Number(id));
  }
  return { ...common, action };
}

function content(view: View, common: Tl, body: Body): Tl {
  for (const entity of body.entities) {
    if (entity._ === 'messageEntityMentionName') view.mention(Number(entity['user_id']));
  }
  return {
    ...common,
    message: body.text,
    ...(body.entities.length > 0 ? { entities: body.entities } : {}),
    ...(body.media ? { media: mediaTl(view.viewer, body.media) } : {}),
    ...(body.markup ? { reply_markup: body.markup } : {}),
    ...(body.groupedId === undefined ? {} : { grouped_id: body.groupedId }),
    ...(body.editDate === undefined ? {} : { edit_date: body.editDate }),
    ...(body.editHide ? { edit_hide: true } : {}),
    ...(body.pinned ? { pinned: true } : {}),
    ...(body.noforwards ? { noforwards: true } : {}),
    ...(body.invertMedia ? { invert_media: true } : {}),
    ...forwardFields(view, body),
    ...(isPost(body) ? { views: 1, forwards: 0 } : {}),
  };
}

/** A post of a broadcast channel: no author at all. */
function isPost(body: Body): boolean {
  return body.from.kind === 'channel' && body.post === true;
}
