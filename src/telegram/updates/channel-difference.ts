/** Answers of `updates.getChannelDifference`, and where a channel stands. */
import type { tl } from '@mtcute/tl';
import { startBackfill } from './backfill.js';
import { apply, count, putChannel, takePeers, type Draft } from './draft.js';
import { follow, retryLater } from './flight.js';
import { forward } from './gap.js';
import { land } from './landing.js';
import { takeOthers } from './difference.js';
import { settlePts } from './settle.js';
import type { ChannelState, Question } from './state.js';
import { itemOf, newMessages } from './synthetic.js';

export function onChannelDifference(
  d: Draft,
  id: number,
  difference: tl.updates.TypeChannelDifference,
): void {
  const channel = d.state.channels.get(id);
  if (channel === undefined) return;
  count(d, 'differences');
  switch (difference._) {
    case 'updates.channelDifferenceEmpty':
      // Bots get a larger pts here for events that are not for their eyes.
      settlePts(d, id, forward(channel.pts.at, difference.pts));
      land(d, id, difference.pts !== channel.pts.at);
      return;
    case 'updates.channelDifference': {
      const moved = absorb(d, channel, difference);
      if (difference.final === true) land(d, id, moved);
      else if (moved) follow(d, id);
      else retryLater(d, id);
      return;
    }
    case 'updates.channelDifferenceTooLong':
      tooLong(d, channel, difference);
  }
}

/** The counter of a channel met without an update, or of one whose counter Telegram no longer accepts. */
export function onChannelState(
  d: Draft,
  id: number,
  question: Extract<Question, { ask: 'state' }>,
  state: { readonly pts: number; readonly topMsgId?: number },
): void {
  const channel = d.state.channels.get(id);
  if (channel === undefined) return;
  const { pts, topMsgId } = state;
  if (question.why !== 'first-seen') {
    startBackfill(d, id, {
      reason: 'timestamp-invalid',
      goal: { pts },
      ...(topMsgId === undefined ? {} : { top: topMsgId }),
    });
  } else if (channel.pts.at > 0) {
    // An update has come meanwhile and has set an older start: the difference from there is complete.
    follow(d, id);
  } else {
    putChannel(d, { ...channel, base: pts, lastMsgId: topMsgId ?? 0, pts: { at: pts, waiting: [] } });
    land(d, id, true);
  }
}

function absorb(d: Draft, channel: ChannelState, difference: tl.updates.RawChannelDifference): boolean {
  const { id } = channel;
  const along = takePeers(d, difference.users, difference.chats);
  const { newMessages: messages, otherUpdates } = difference;
  const applied = d.items.length;
  const ids = otherUpdates.filter((update) => update._ === 'updateMessageID');
  apply(
    d,
    id,
    ids.map((update) => itemOf(d, id, 'difference', update, along)),
  );
  apply(d, id, newMessages(d, id, 'difference', messages, along));
  takeOthers(d, id, otherUpdates, along);
  count(d, 'recovered', d.items.length - applied);
  settlePts(d, id, forward(channel.pts.at, difference.pts));
  return difference.pts !== channel.pts.at || messages.length + otherUpdates.length > 0;
}

function tooLong(d: Draft, channel: ChannelState, difference: tl.updates.RawChannelDifferenceTooLong): void {
  const { id } = channel;
  const along = takePeers(d, difference.users, difference.chats);
  const { dialog } = difference;
  if (dialog._ !== 'dialog' || dialog.pts === undefined) {
    follow(d, id, { ask: 'state', why: 'timestamp-invalid' });
    return;
  }
  const latest = newMessages(d, id, 'difference', difference.messages, along);
  startBackfill(d, id, { reason: 'too-long', goal: { pts: dialog.pts }, top: dialog.topMessage, latest });
}
