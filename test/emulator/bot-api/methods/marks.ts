import type { Tl } from '../../types.js';
import { chatOf, latestPin, type Call, type Method } from '../call.js';
import { badRequest, notImplemented } from '../errors.js';
import type { Params } from '../params.js';

const ACTIONS: Readonly<Record<string, string>> = {
  typing: 'sendMessageTypingAction',
  upload_photo: 'sendMessageUploadPhotoAction',
  record_video: 'sendMessageRecordVideoAction',
  upload_video: 'sendMessageUploadVideoAction',
  record_voice: 'sendMessageRecordAudioAction',
  upload_voice: 'sendMessageUploadAudioAction',
  upload_document: 'sendMessageUploadDocumentAction',
  choose_sticker: 'sendMessageChooseStickerAction',
  find_location: 'sendMessageGeoLocationAction',
  record_video_note: 'sendMessageRecordRoundAction',
  upload_video_note: 'sendMessageUploadRoundAction',
};

/** Actions of TL that carry how far an upload is. */
const WITH_PROGRESS = /Upload(?:Photo|Video|Audio|Document|Round)Action$/;

/** What is put beside messages: pins, reactions, answers to presses, "typing". */
export const MARKS: Readonly<Record<string, Method>> = {
  pinChatMessage: (call) => {
    const silent = call.params.flag('disable_notification');
    call.actor.pin(chatOf(call), call.params.requiredInt('message_id'), { silent });
    return true;
  },
  unpinChatMessage: (call) => {
    const peer = chatOf(call);
    const id = call.params.int('message_id') ?? latestPin(call, peer)?.id;
    if (id === undefined) throw badRequest('message to unpin not found');
    call.actor.pin(peer, id, { unpin: true });
    return true;
  },
  unpinAllChatMessages: (call) => {
    call.actor.unpinAll(chatOf(call));
    return true;
  },
  setMessageReaction: (call) => {
    const reactions = (call.params.objects('reaction') ?? []).map(reactionTl);
    const id = call.params.requiredInt('message_id');
    call.actor.react(chatOf(call), id, reactions, call.params.flag('is_big'));
    return true;
  },
  answerCallbackQuery,
  sendChatAction: (call) => {
    const action = ACTIONS[call.params.requiredText('action')];
    if (!action) throw badRequest('wrong parameter action in request');
    const progress = WITH_PROGRESS.test(action) ? { progress: 0 } : {};
    call.actor.typing(chatOf(call), { _: action, ...progress }, call.params.int('message_thread_id'));
    return true;
  },
};

/** ReactionType → TL. */
function reactionTl(reaction: Params): Tl {
  const type = reaction.requiredText('type');
  switch (type) {
    case 'emoji':
      return { _: 'reactionEmoji', emoticon: reaction.requiredText('emoji') };
    case 'custom_emoji':
      return {
        _: 'reactionCustomEmoji',
        document_id: BigInt(reaction.requiredText('custom_emoji_id')),
      };
    default:
      throw notImplemented(`reaction type ${type}`);
  }
}

function answerCallbackQuery({ params, actor }: Call): boolean {
  const id = params.requiredText('callback_query_id');
  const text = params.text('text');
  const url = params.text('url');
  if (!/^\d+$/.test(id)) throw badRequest('invalid callback query ID specified');
  actor.answerCallback(BigInt(id), {
    cacheTime: params.int('cache_time') ?? 0,
    ...(text === undefined ? {} : { text }),
    ...(url === undefined ? {} : { url }),
    ...(params.flag('show_alert') ? { alert: true } : {}),
  });
  return true;
}
