import type { tl } from '@mtcute/tl';
import { plain } from '../../../../src/domain/content.js';
import type { TelegramEvent } from '../../../../src/domain/event.js';
import { peerOf } from '../../../../src/domain/ids.js';
import type { NormaliseContext } from '../../../../src/telegram/updates/ports.js';

/** As much of the real normaliser as the checks look at. */
export function normalise(update: tl.TypeUpdate, context: NormaliseContext): TelegramEvent | null {
  const { owner, box } = context;
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
      return messageEvent(update.message, context);
    case 'updateEditMessage':
    case 'updateEditChannelMessage': {
      const { message } = update;
      if (message._ !== 'message') return null;
      return {
        kind: 'edited',
        owner,
        box,
        peer: peerOf('user', 1),
        msgId: message.id,
        editDate: message.editDate ?? 0,
        content: { text: plain(message.message) },
      };
    }
    case 'updateDeleteMessages':
    case 'updateDeleteChannelMessages':
      return { kind: 'deleted', owner, box, msgIds: update.messages };
    case 'updateMessageID':
      return { kind: 'sent', owner, box, msgId: update.id, randomId: update.randomId.toString() };
    case 'updateBotStopped':
      return { kind: 'sent', owner, box, msgId: update.qts, randomId: `qts${update.qts}` };
    default:
      return null;
  }
}

function messageEvent(message: tl.TypeMessage, { owner, box }: NormaliseContext): TelegramEvent | null {
  if (message._ !== 'message') return null;
  const peer = peerIn(message.peerId);
  return {
    kind: 'message',
    owner,
    box,
    peer,
    msgId: message.id,
    out: message.out === true,
    author: message.fromId === undefined ? peer : peerIn(message.fromId),
    authorIsBot: false,
    date: message.date,
    content: { text: plain(message.message) },
  };
}

function peerIn(peer: tl.TypePeer) {
  switch (peer._) {
    case 'peerUser':
      return peerOf('user', peer.userId);
    case 'peerChat':
      return peerOf('chat', peer.chatId);
    case 'peerChannel':
      return peerOf('channel', peer.channelId);
  }
}
