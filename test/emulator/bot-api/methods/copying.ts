import type { ForwardOptions } from '../../world/actor.js';
import type { Message, Peer } from '../../world/model.js';
import { chatOf, messagesIn, type Call, type Method } from '../call.js';
import { badRequest } from '../errors.js';
import type { Json } from '../../http/json.js';
import { draftOptions, topicOption } from '../read/draft.js';
import { CAPTION, readText } from '../read/text.js';
import { messageJson } from '../render/message.js';

/** Messages of one chat in another. */
export const COPYING: Readonly<Record<string, Method>> = {
  copyMessage,
  copyMessages: (call) => several(call, { dropAuthor: true }).map(({ id }) => ({ message_id: id })),
  forwardMessage: (call) => {
    const { from, to } = ends(call);
    const id = call.params.requiredInt('message_id');
    const [message] = call.actor.forward(from, [id], to, options(call, to));
    if (!message) throw badRequest('message to forward not found');
    return messageJson(call, message);
  },
  forwardMessages: (call) => several(call, {}).map(({ id }) => ({ message_id: id })),
};

function copyMessage(call: Call): Json {
  const { from, to } = ends(call);
  const { id } = call.actor.copy(from, call.params.requiredInt('message_id'), to, {
    ...draftOptions(call, to),
    ...captionOf(call),
  });
  return { message_id: id };
}

/** An empty caption takes the old one away, an absent one leaves it. */
function captionOf(call: Call): { text?: string } {
  const caption = readText(call, call.params, CAPTION);
  return caption ?? (call.params.has('caption') ? { text: '', entities: [] } : {});
}

/** Messages that are not there are passed over; albums stay albums. */
function several(call: Call, extra: ForwardOptions): Message[] {
  const { from, to } = ends(call);
  const ids = messagesIn(call, from, call.params.ints('message_ids') ?? []).map(({ id }) => id);
  if (ids.length === 0) {
    throw badRequest(`there are no messages to ${extra.dropAuthor ? 'copy' : 'forward'}`);
  }
  const dropCaptions = call.params.flag('remove_caption') ? { dropCaptions: true } : {};
  return call.actor.forward(from, ids, to, { ...options(call, to), ...dropCaptions, ...extra });
}

function ends(call: Call): { from: Peer; to: Peer } {
  return { to: chatOf(call), from: chatOf(call, 'from_chat_id') };
}

function options(call: Call, to: Peer): ForwardOptions {
  const { params } = call;
  return {
    ...topicOption(call, to),
    ...(params.flag('disable_notification') ? { silent: true } : {}),
    ...(params.flag('protect_content') ? { noforwards: true } : {}),
  };
}
