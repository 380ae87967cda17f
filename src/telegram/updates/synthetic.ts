/** Messages that came as such, dressed as the updates they would have been; pts 0: the counter moves elsewhere. */
import type { tl } from '@mtcute/tl';
import type { JournalSource } from '../../ports/updates.js';
import type { Draft } from './draft.js';
import { boxName, type Along, type BoxKey, type Item } from './state.js';

export type NewMessage = tl.RawUpdateNewMessage | tl.RawUpdateNewChannelMessage;

export function isNew(update: tl.TypeUpdate): update is NewMessage {
  return update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage';
}

/**
 * Messages of a box as Telegram has them now, ascending by id: that is the order in which they were written. One that was edited
 * gives its edit too: after a crash its row may stand there already with the older text, and no difference repeats the edit.
 */
export function newMessages(
  d: Draft,
  key: BoxKey,
  source: JournalSource,
  messages: readonly tl.TypeMessage[],
  along: Along,
): Item[] {
  const [fresh, edited] =
    key === 'common'
      ? (['updateNewMessage', 'updateEditMessage'] as const)
      : (['updateNewChannelMessage', 'updateEditChannelMessage'] as const);
  const item = (update: tl.TypeUpdate) => itemOf(d, key, source, update, along);
  return messages
    .filter((message) => message._ !== 'messageEmpty')
    .toSorted((a, b) => a.id - b.id)
    .flatMap((message) => {
      const first = item({ _: fresh, message, pts: 0, ptsCount: 0 });
      const isEdited = message._ === 'message' && message.editDate !== undefined;
      return isEdited ? [first, item({ _: edited, message, pts: 0, ptsCount: 0 })] : [first];
    });
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
