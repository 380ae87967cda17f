/** The key under which an update is journaled: whatever way and however often it comes, it stands there once. */
import type { tl } from '@mtcute/tl';
import type { JournalKind } from '../../ports/updates.js';
import { placeOf } from './classify.js';

export interface Identity {
  readonly kind: JournalKind;
  /** Without owner and box. */
  readonly parts: readonly (string | number)[];
  readonly letter: string;
  readonly msgId?: number;
}

/**
 * `hash` of the update's TL bytes. An edit has pts and hash in its key: without pts a message edited to and fro would end in the
 * wrong state, without hash a collapsed difference would.
 */
export function identify(update: tl.TypeUpdate, date: number | undefined, hash: () => string): Identity {
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
      return { kind: 'new', letter: 'n', parts: [update.message.id], msgId: update.message.id };
    case 'updateEditMessage':
    case 'updateEditChannelMessage': {
      const msgId = update.message.id;
      return { kind: 'edit', letter: 'e', parts: [msgId, update.pts, hash()], msgId };
    }
    case 'updateDeleteMessages':
    case 'updateDeleteChannelMessages': {
      const msgId = update.messages[0] ?? 0;
      return { kind: 'delete', letter: 'd', parts: [msgId], msgId };
    }
    case 'updateMessageID':
      return { kind: 'sent-id', letter: 's', parts: [update.randomId.toString()], msgId: update.id };
    case 'updateReadHistoryInbox':
    case 'updateReadHistoryOutbox':
    case 'updateReadChannelInbox':
    case 'updateReadChannelOutbox':
      return {
        kind: 'read',
        letter: 'r',
        parts: [update._.slice('updateRead'.length), ...peerOf(update), update.maxId],
      };
    default:
      return other(update, date, hash);
  }
}

/** One update per message: a deletion is an event of each message it names. */
export function split(update: tl.TypeUpdate): tl.TypeUpdate[] {
  if (update._ !== 'updateDeleteMessages' && update._ !== 'updateDeleteChannelMessages') return [update];
  return update.messages.map((id) => ({ ...update, messages: [id] }));
}

function other(update: tl.TypeUpdate, date: number | undefined, hash: () => string): Identity {
  const place = placeOf(update);
  if (place.at === 'qts') return { kind: 'other', letter: 'q', parts: [place.qts] };
  if ('pts' in place) return { kind: 'other', letter: 'o', parts: [place.pts, hash()] };
  if ('queryId' in update) return { kind: 'other', letter: 'c', parts: [update.queryId.toString()] };
  return { kind: 'other', letter: 'u', parts: [date ?? 0, hash()] };
}

type Read =
  | tl.RawUpdateReadHistoryInbox
  | tl.RawUpdateReadHistoryOutbox
  | tl.RawUpdateReadChannelInbox
  | tl.RawUpdateReadChannelOutbox;

function peerOf(update: Read): (string | number)[] {
  if (!('peer' in update)) return [];
  const { peer } = update;
  switch (peer._) {
    case 'peerUser':
      return ['user', peer.userId];
    case 'peerChat':
      return ['chat', peer.chatId];
    case 'peerChannel':
      return ['channel', peer.channelId];
  }
}
