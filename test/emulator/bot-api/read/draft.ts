import type { Draft } from '../../world/actor.js';
import type { Peer } from '../../world/model.js';
import { samePeer } from '../../world/place.js';
import { chatOf, type Call } from '../call.js';
import { badRequest } from '../errors.js';
import { Params } from '../params.js';
import { readMarkup } from './markup.js';
import { readText } from './text.js';

/** What all sends have in common: reply, topic, keyboard, flags. */
export function draftOptions(call: Call, to: Peer): Partial<Draft> {
  const { params } = call;
  const markup = readMarkup(params);
  return {
    ...replyOption(call, to),
    ...topicOption(call, to),
    ...(markup ? { markup } : {}),
    ...(params.flag('disable_notification') ? { silent: true } : {}),
    ...(params.flag('protect_content') ? { noforwards: true } : {}),
    ...(params.flag('show_caption_above_media') ? { invertMedia: true } : {}),
  };
}

/** `message_thread_id` in a forum. General can't be named: Telegram says "message thread not found" to 1. */
export function topicOption({ params, world }: Call, to: Peer): Pick<Draft, 'topic'> {
  const topic = params.int('message_thread_id') ?? 0;
  if (topic === 0 || to.kind === 'user') return {};
  if (!world.channel(to.id).forum || topic === 1) throw badRequest('message thread not found');
  return { topic };
}

/** `reply_parameters`, or the older `reply_to_message_id` with `allow_sending_without_reply`. */
function replyOption(call: Call, to: Peer): Pick<Draft, 'replyTo'> {
  const { params, world, bot } = call;
  const given = params.object('reply_parameters') ?? olderReply(params);
  if (!given) return {};
  const id = given.requiredInt('message_id');
  const peer = given.has('chat_id') ? chatOf({ ...call, params: given }) : to;
  const box = peer.kind === 'channel' ? world.channel(peer.id).box : bot.box;
  const target = box.messages.get(id);
  if (!target || !samePeer(target.peer, peer)) {
    if (given.flag('allow_sending_without_reply')) return {};
    throw badRequest('message to be replied not found');
  }
  const quote = readText(call, given, {
    text: 'quote',
    entities: 'quote_entities',
    parseMode: 'quote_parse_mode',
  });
  const offset = given.int('quote_position');
  return {
    replyTo: {
      id,
      ...(samePeer(peer, to) ? {} : { peer }),
      ...(quote ? { quote: { ...quote, ...(offset === undefined ? {} : { offset }) } } : {}),
    },
  };
}

function olderReply(params: Params): Params | undefined {
  const id = params.int('reply_to_message_id') ?? 0;
  if (id === 0) return undefined;
  return new Params([
    ['message_id', id],
    ['allow_sending_without_reply', params.flag('allow_sending_without_reply')],
  ]);
}
