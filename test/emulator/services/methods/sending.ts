import { RpcError, type Tl } from '../../types.js';
import type { Change, Draft } from '../../world/actor.js';
import type { Signed, SignedAsk } from '../ask.js';
import {
  flag,
  int,
  ints,
  long,
  longs,
  maybeLong,
  maybeObject,
  maybeText,
  object,
  objects,
  text,
} from '../fields.js';
import { inputMedia } from '../input-media.js';
import { draftOptions, inputEntities, replyOptions } from '../input-text.js';
import { inputPeer, peerOf, userOf } from '../peers.js';
import { containerTl, sentShortTl } from '../render/container.js';
import { mediaTl } from '../render/media.js';

/** Posting and changing messages. */
export const SENDING: Readonly<Record<string, Signed>> = {
  'messages.sendMessage': sendMessage,
  'messages.startBot': (ask) => {
    const parameter = text(ask.request, 'start_param');
    const bot = { kind: 'user' as const, id: userOf(ask, 'bot').id };
    ask.actor.send(bot, { text: `/start ${parameter}`.trim(), ...randomId(ask.request) });
    return answer(ask);
  },
  'messages.sendMedia': sendMedia,
  'messages.sendMultiMedia': sendMultiMedia,
  'messages.uploadMedia': (ask) => {
    peerOf(ask);
    return mediaTl(ask.self, inputMedia(ask, object(ask.request, 'media')));
  },
  'messages.forwardMessages': forwardMessages,
  'messages.editMessage': editMessage,
};

function sendMessage(ask: SignedAsk): Tl {
  refuseScheduled(ask.request);
  const to = peerOf(ask);
  const message = ask.actor.send(to, {
    text: text(ask.request, 'message'),
    entities: inputEntities(ask, ask.request),
    ...draftOptions(ask, to),
    ...randomId(ask.request),
  });
  const [event] = ask.actor.own;
  const short = to.kind === 'user' && to.id !== ask.self.id && !message.body.markup;
  return short && event?.kind === 'message' ? sentShortTl(event) : answer(ask);
}

function sendMedia(ask: SignedAsk): Tl {
  refuseScheduled(ask.request);
  const to = peerOf(ask);
  ask.actor.send(to, {
    text: text(ask.request, 'message'),
    entities: inputEntities(ask, ask.request),
    media: inputMedia(ask, object(ask.request, 'media')),
    ...draftOptions(ask, to),
    ...randomId(ask.request),
  });
  return answer(ask);
}

function sendMultiMedia(ask: SignedAsk): Tl {
  refuseScheduled(ask.request);
  const to = peerOf(ask);
  const options = draftOptions(ask, to);
  const drafts = objects(ask.request, 'multi_media').map((single): Draft => ({
    text: text(single, 'message'),
    entities: inputEntities(ask, single),
    media: inputMedia(ask, object(single, 'media')),
    randomId: long(single, 'random_id'),
    ...options,
  }));
  ask.actor.sendAlbum(to, drafts);
  return answer(ask);
}

function forwardMessages(ask: SignedAsk): Tl {
  const { request } = ask;
  refuseScheduled(request);
  const ids = ints(request, 'id');
  const randomIds = longs(request, 'random_id');
  if (randomIds.length !== ids.length) throw new RpcError(400, 'RANDOM_ID_INVALID');
  const to = inputPeer(ask, object(request, 'to_peer'));
  ask.actor.forward(inputPeer(ask, object(request, 'from_peer')), ids, to, {
    randomIds,
    dropAuthor: flag(request, 'drop_author'),
    dropCaptions: flag(request, 'drop_media_captions'),
    silent: flag(request, 'silent'),
    noforwards: flag(request, 'noforwards'),
    ...replyOptions(ask, to),
  });
  return answer(ask);
}

function editMessage(ask: SignedAsk): Tl {
  const { request } = ask;
  refuseScheduled(request);
  const message = maybeText(request, 'message');
  const media = maybeObject(request, 'media');
  const markup = maybeObject(request, 'reply_markup');
  const change: Change = {
    ...(message === undefined ? {} : { text: message, entities: inputEntities(ask, request) }),
    ...(media && media._ !== 'inputMediaEmpty' ? { media: inputMedia(ask, media) } : {}),
    // An edit without a keyboard takes a bot's keyboard away.
    markup: markup ?? null,
  };
  ask.actor.edit(peerOf(ask), int(request, 'id'), change);
  return answer(ask);
}

function answer(ask: SignedAsk): Tl {
  return containerTl(ask.view, ask.actor.own);
}

function randomId(request: Tl): { randomId?: bigint } {
  const id = maybeLong(request, 'random_id');
  if (id === undefined || id === 0n) throw new RpcError(400, 'RANDOM_ID_EMPTY');
  return { randomId: id };
}

function refuseScheduled(request: Tl): void {
  if (request['schedule_date'] !== undefined) throw new RpcError(400, 'not implemented: schedule_date');
}
