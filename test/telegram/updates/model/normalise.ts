import type { tl } from '@mtcute/tl';
import { plain } from '../../../../src/domain/content.js';
import type { TelegramEvent } from '../../../../src/domain/event.js';
import { peerOf } from '../../../../src/domain/ids.js';
import type { NormaliseContext } from '../../../../src/telegram/updates/ports.js';

/** As much of the real normaliser as the checks look at. */
export function normalise(update: tl.TypeUpdate, { owner, box }: NormaliseContext): TelegramEvent | null {
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage': {
      const { message } = update;
      if (message._ !== 'message' || message.peerId._ === 'peerChat') return null;
      const peer =
        message.peerId._ === 'peerUser'
          ? peerOf('user', message.peerId.userId)
          : peerOf('channel', message.peerId.channelId);
      const author = message.fromId?._ === 'peerUser' ? peerOf('user', message.fromId.userId) : peer;
      const content = { text: plain(message.message) };
      return {
        kind: 'message',
        owner,
        box,
        peer,
        msgId: message.id,
        out: message.out === true,
        author,
        authorIsBot: false,
        date: message.date,
        content,
      };
    }
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
