import type { Tl } from '../types.js';
import type { Draft } from '../world/actor.js';
import type { Peer } from '../world/model.js';
import type { SignedAsk } from './ask.js';
import { flag, int, maybeInt, maybeObject, maybeText, objects, object } from './fields.js';
import { inputPeer, inputUser } from './peers.js';

/** Entities as stored: a mention by InputUser becomes one by id. */
export function inputEntities(ask: SignedAsk, from: Tl, field = 'entities'): Tl[] {
  return objects(from, field).map((entity) => {
    if (entity._ !== 'inputMessageEntityMentionName') return entity;
    const { id } = inputUser(ask, object(entity, 'user_id'));
    return { ...entity, _: 'messageEntityMentionName', user_id: BigInt(id) };
  });
}

/** What all sends have in common. */
export function draftOptions(ask: SignedAsk, to: Peer): Partial<Draft> {
  const { request } = ask;
  const markup = maybeObject(request, 'reply_markup');
  return {
    ...(markup ? { markup } : {}),
    ...(flag(request, 'silent') ? { silent: true } : {}),
    ...(flag(request, 'noforwards') ? { noforwards: true } : {}),
    ...(flag(request, 'invert_media') ? { invertMedia: true } : {}),
    ...replyOptions(ask, to),
  };
}

/**
 * In a forum the id of a topic means the topic, any other id a message in it; `top_msg_id` names the topic.
 * (core.telegram.org/api/forum, "Sending messages")
 */
export function replyOptions(ask: SignedAsk, to: Peer): Pick<Draft, 'replyTo' | 'topic'> {
  const top = maybeInt(ask.request, 'top_msg_id');
  const input = maybeObject(ask.request, 'reply_to');
  if (input?._ !== 'inputReplyToMessage') return top === undefined ? {} : { topic: top };
  const id = int(input, 'reply_to_msg_id');
  const topic = maybeInt(input, 'top_msg_id') ?? top;
  const foreign = maybeObject(input, 'reply_to_peer_id');
  const forum = to.kind === 'channel' ? ask.world.channel(to.id) : undefined;
  if (!foreign && forum?.forum && forum.topics.has(id) && (topic === undefined || topic === id)) {
    return { topic: id };
  }
  return {
    replyTo: { id, ...(foreign ? { peer: inputPeer(ask, foreign) } : {}), ...quoteOf(ask, input) },
    ...(topic === undefined ? {} : { topic }),
  };
}

function quoteOf(ask: SignedAsk, input: Tl): Pick<NonNullable<Draft['replyTo']>, 'quote'> {
  const quoted = maybeText(input, 'quote_text');
  if (quoted === undefined) return {};
  const offset = maybeInt(input, 'quote_offset');
  const entities = inputEntities(ask, input, 'quote_entities');
  return { quote: { text: quoted, entities, ...(offset === undefined ? {} : { offset }) } };
}
