/** Telegram's updates as events: the one switch from TL to our words. */

import type { tl } from '@mtcute/tl';

import type { EditedEvent, TelegramEvent } from '../../domain/event.js';
import { boxOf, channelBox, commonBox, type Box } from '../../domain/ids.js';
import { contentOf } from './content.js';
import { messageEvent, type MessageContext } from './message.js';
import { peerFromTl } from './peer.js';

export interface NormaliseContext extends MessageContext {
  /** The box of the container or difference: an `updateMessageID` does not say in which one its message lies. */
  readonly box: Box;
}

/**
 * Pure. Null for what nobody needs: reads, typing, scheduled messages, settings. Short forms must have been made
 * `updateNewMessage` before (the update engine does).
 */
export function normaliseUpdate(update: tl.TypeUpdate, context: NormaliseContext): TelegramEvent | null {
  const { owner } = context;
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
      return messageEvent(update.message, context);
    case 'updateMessageID':
      return {
        kind: 'sent',
        owner,
        box: context.box,
        randomId: update.randomId.toString(),
        msgId: update.id,
      };
    case 'updateEditMessage':
    case 'updateEditChannelMessage':
      return editedEvent(update.message, context);
    case 'updateDeleteMessages':
      return { kind: 'deleted', owner, box: commonBox, msgIds: update.messages };
    case 'updateDeleteChannelMessages':
      return {
        kind: 'deleted',
        owner,
        box: channelBox(update.channelId.toString()),
        msgIds: update.messages,
      };
    default:
      return null;
  }
}

function editedEvent(message: tl.TypeMessage, { owner }: NormaliseContext): EditedEvent | null {
  if (message._ !== 'message') return null;
  const peer = peerFromTl(message.peerId);
  return {
    kind: 'edited',
    owner,
    box: boxOf(peer),
    peer,
    msgId: message.id,
    editDate: message.editDate ?? message.date,
    content: contentOf(message),
  };
}
