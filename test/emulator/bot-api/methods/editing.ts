import type { Change } from '../../world/actor.js';
import type { Message, Peer } from '../../world/model.js';
import { chatOf, messagesIn, type Call, type Method } from '../call.js';
import { badRequest, notImplemented } from '../errors.js';
import type { Json } from '../../http/json.js';
import { readMarkup } from '../read/markup.js';
import { readMedia } from '../read/media.js';
import { CAPTION, readText, TEXT } from '../read/text.js';
import type { FileKind } from '../render/file-kind.js';
import { messageJson } from '../render/message.js';

const MEDIA_KINDS: readonly FileKind[] = ['photo', 'video', 'animation', 'document', 'audio'];

/** Changing and removing messages. An edit without a keyboard takes the old one away, as at Telegram. */
export const EDITING: Readonly<Record<string, Method>> = {
  editMessageText: (call) => {
    const { peer, message } = target(call);
    if (message?.body.media) throw badRequest('there is no text in the message to edit');
    return edited(call, peer, readText(call, call.params, TEXT) ?? { text: '' });
  },
  editMessageCaption: (call) => {
    const { peer, message } = target(call);
    if (message && !message.body.media) throw badRequest('there is no caption in the message to edit');
    return edited(call, peer, readText(call, call.params, CAPTION) ?? { text: '' });
  },
  editMessageMedia: (call) => edited(call, target(call).peer, mediaChange(call)),
  editMessageReplyMarkup: (call) => edited(call, target(call).peer, {}),
  deleteMessage: (call) => {
    const peer = chatOf(call);
    const found = messagesIn(call, peer, [call.params.requiredInt('message_id')]);
    if (found.length === 0) throw badRequest('message to delete not found');
    call.actor.delete(peer, [found[0]?.id ?? 0]);
    return true;
  },
  deleteMessages: (call) => {
    const peer = chatOf(call);
    const ids = call.params.ints('message_ids') ?? [];
    if (ids.length === 0 || ids.length > 100) throw badRequest('message identifiers: 1-100 are expected');
    call.actor.delete(peer, ids);
    return true;
  },
};

function target(call: Call): { peer: Peer; message: Message | undefined } {
  if (call.params.has('inline_message_id')) throw notImplemented('inline_message_id');
  const peer = chatOf(call);
  const [message] = messagesIn(call, peer, [call.params.requiredInt('message_id')]);
  return { peer, message };
}

function edited(call: Call, peer: Peer, change: Change): Json {
  const markup = readMarkup(call.params) ?? null;
  const message = call.actor.edit(peer, call.params.requiredInt('message_id'), { ...change, markup });
  return messageJson(call, message);
}

function mediaChange(call: Call): Change {
  const media = call.params.object('media');
  const kind = MEDIA_KINDS.find((one) => one === media?.text('type'));
  if (!media || !kind) throw badRequest("can't parse InputMedia: type is invalid");
  const caption = readText(call, media, CAPTION) ?? { text: '', entities: [] };
  return { media: readMedia(call, kind, { params: media, field: 'media' }), ...caption };
}
