/** A container of updates: sorted under their counters, the rest applied as it is. */
import type { tl } from '@mtcute/tl';
import type { Box } from '../../domain/ids.js';
import type { JournalSource } from '../../ports/updates.js';
import { offer, postpone, type Slot } from './box.js';
import { hintChannel, offerChannel, onChannelChanged, onChannelTooLong } from './channels.js';
import { placeOf, type Place } from './classify.js';
import type { Container } from './containers.js';
import { apply, patchCommon, takePeers, type Draft } from './draft.js';
import { ask, takesWhatFits } from './flight.js';
import { boundWaiting, confirmIfDue, watchGap } from './landing.js';
import type { Along, BoxKey, Item } from './state.js';
import { itemOf } from './synthetic.js';

/** How the updates of a container are to be taken. */
export interface Reading {
  readonly source: JournalSource;
  /** They name peers nobody knows: only a difference brings them whole. */
  readonly incomplete: ReadonlySet<tl.TypeUpdate>;
  /** They count but give no row. */
  readonly muted: ReadonlySet<tl.TypeUpdate>;
  /** Of updates that do not say where they belong (`updateMessageID`). */
  readonly box: Box;
}

export function takeContainer(d: Draft, container: Container, reading: Reading): void {
  const along = takePeers(d, container.users, container.chats);
  for (const { update, place } of inOrder(container.updates)) {
    takeUpdate(d, update, place, reading, along, container.date);
  }
  if (container.seq > 0) {
    const slot = { end: container.seq, count: container.seq - container.seqStart + 1, items: [] };
    offerCommon(d, 'seq', slot);
  }
  boundWaiting(d, 'common');
  watchGap(d, 'common');
  confirmIfDue(d);
}

/** One update under the counter it belongs to; also for those inside a difference that need their own check. */
export function takeUpdate(
  d: Draft,
  update: tl.TypeUpdate,
  place: Place,
  reading: Reading,
  along: Along,
  date?: number,
): void {
  const item = (key: BoxKey): Item => {
    const made = itemOf(d, key, reading.source, update, along, date);
    return reading.muted.has(update) ? { ...made, muted: true } : made;
  };
  const incomplete = reading.incomplete.has(update);
  switch (place.at) {
    case 'common':
      if (incomplete) ask(d, 'common');
      else offerCommon(d, 'pts', { end: place.pts, count: place.count, items: [item('common')] });
      return;
    case 'qts':
      offerCommon(d, 'qts', { end: place.qts, count: 1, items: [item('common')] });
      return;
    case 'channel':
      offerChannel(
        d,
        place.channel,
        { end: place.pts, count: place.count, items: [item(place.channel)] },
        incomplete,
      );
      return;
    case 'free':
      apply(d, 'common', [
        place.channel === undefined ? { ...item('common'), box: reading.box } : item(place.channel),
      ]);
      if (place.channel !== undefined && place.hint !== undefined) hintChannel(d, place.channel, place.hint);
      return;
    case 'control':
      control(d, update);
      apply(d, 'common', [item('common')]);
      return;
    case 'nowhere':
      ask(d, 'common');
  }
}

/** Takes a number in: of an update, of a container, or of a result of ours. */
export function offerCommon(d: Draft, counter: 'pts' | 'qts' | 'seq', slot: Slot<Item>): void {
  const box = d.state.common[counter];
  if (!takesWhatFits(d, 'common')) {
    patchCommon(d, { [counter]: postpone(box, slot) });
    return;
  }
  const moved = offer(box, slot);
  patchCommon(d, { [counter]: moved.box });
  apply(d, 'common', moved.released);
  // A seq that starts anew is of no interest: seq only shows gaps.
  if (counter !== 'seq' && (moved.position === 'reset' || moved.position === 'invalid')) ask(d, 'common');
}

function control(d: Draft, update: tl.TypeUpdate): void {
  if (update._ === 'updateChannelTooLong') onChannelTooLong(d, update.channelId, update.pts);
  if (update._ === 'updateChannel') onChannelChanged(d, update.channelId);
  if (update._ === 'updatePtsChanged') {
    patchCommon(d, { ptsChanged: true });
    ask(d, 'common');
  }
}

/** By start, then end: of two that share a number, the one that counts nothing follows the one that counts. */
function inOrder(updates: readonly tl.TypeUpdate[]): { update: tl.TypeUpdate; place: Place }[] {
  return updates
    .map((update) => ({ update, place: placeOf(update) }))
    .toSorted((a, b) => startOf(a.place) - startOf(b.place) || endOf(a.place) - endOf(b.place));
}

function startOf(place: Place): number {
  if (place.at === 'qts') return place.qts - 1;
  return 'pts' in place ? place.pts - place.count : Infinity;
}

function endOf(place: Place): number {
  if (place.at === 'qts') return place.qts;
  return 'pts' in place ? place.pts : 0;
}
