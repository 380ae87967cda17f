/** Messages that came as such, dressed as the updates they would have been; pts 0: the counter moves elsewhere. */
import type { tl } from '@mtcute/tl';
import type { JournalSource } from '../../ports/updates.js';
import type { Draft } from './draft.js';
import { boxName, type Along, type BoxKey, type Item } from './state.js';

export type NewMessage = tl.RawUpdateNewMessage | tl.RawUpdateNewChannelMessage;

export function isNew(update: tl.TypeUpdate): update is NewMessage {
  return update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage';
}

/** New messages of a box, ascending by id: that is the order in which they were written. */
export function newMessages(
  d: Draft,
  key: BoxKey,
  source: JournalSource,
  messages: readonly tl.TypeMessage[],
  along: Along,
): Item[] {
  const kind = key === 'common' ? 'updateNewMessage' : 'updateNewChannelMessage';
  return messages
    .filter((message) => message._ !== 'messageEmpty')
    .toSorted((a, b) => a.id - b.id)
    .map((message) => itemOf(d, key, source, { _: kind, message, pts: 0, ptsCount: 0 }, along));
}

export function itemOf(
  d: Draft,
  key: BoxKey,
  source: JournalSource,
  update: tl.TypeUpdate,
  along: Along,
  date?: number,
): Item {
  const item = { update, box: boxName(key), source, receivedAt: d.now, along };
  return date === undefined ? item : { ...item, date };
}
