import type { Draft } from '../../world/actor.js';
import { chatOf, type Call, type Method } from '../call.js';
import { badRequest } from '../errors.js';
import type { Json } from '../../http/json.js';
import type { Params } from '../params.js';
import { draftOptions } from '../read/draft.js';
import { readMedia } from '../read/media.js';
import { CAPTION, readText } from '../read/text.js';
import type { FileKind } from '../render/file-kind.js';
import { messageJson } from '../render/message.js';

const ALBUM_KINDS: readonly FileKind[] = ['photo', 'video', 'document', 'audio'];

/** Posting files. */
export const MEDIA: Readonly<Record<string, Method>> = {
  sendPhoto: (call) => sendFile(call, 'photo'),
  sendVideo: (call) => sendFile(call, 'video'),
  sendAnimation: (call) => sendFile(call, 'animation'),
  sendDocument: (call) => sendFile(call, 'document'),
  sendAudio: (call) => sendFile(call, 'audio'),
  sendVoice: (call) => sendFile(call, 'voice'),
  sendVideoNote: (call) => sendFile(call, 'video_note'),
  sendSticker: (call) => sendFile(call, 'sticker'),
  sendMediaGroup,
};

function sendFile(call: Call, kind: FileKind): Json {
  const to = chatOf(call);
  const options = draftOptions(call, to);
  const media = readMedia(call, kind, { params: call.params, field: kind });
  const message = call.actor.send(to, { media, ...options, ...readText(call, call.params, CAPTION) });
  return messageJson(call, message);
}

function sendMediaGroup(call: Call): Json[] {
  const to = chatOf(call);
  const items = call.params.objects('media') ?? [];
  if (items.length < 2 || items.length > 10) throw badRequest('media group must include 2-10 items');
  const options = draftOptions(call, to);
  const drafts = items.map((item): Draft => ({ ...itemOf(call, item), ...options }));
  return call.actor.sendAlbum(to, drafts).map((message) => messageJson(call, message));
}

function itemOf(call: Call, item: Params): Draft {
  const kind = ALBUM_KINDS.find((one) => one === item.text('type'));
  if (!kind) throw badRequest(`can't parse InputMedia: type "${item.text('type') ?? ''}" is invalid`);
  const media = readMedia(call, kind, { params: item, field: 'media' });
  return { media, ...readText(call, item, CAPTION) };
}
