/** Answers of `updates.getDifference` and `updates.getState`: what Telegram says about the common box, qts and seq. */
import type { tl } from '@mtcute/tl';
import { startBackfill } from './backfill.js';
import { placeOf } from './classify.js';
import { apply, count, patchCommon, takePeers, type Draft } from './draft.js';
import { follow, retryLater } from './flight.js';
import { forward } from './gap.js';
import { land } from './landing.js';
import { takeUpdate, type Reading } from './push.js';
import { settlePts, settleQts, settleSeq } from './settle.js';
import { boxName, type Along, type BoxKey, type Question } from './state.js';
import { itemOf, newMessages } from './synthetic.js';

type Whole = tl.updates.RawDifference | tl.updates.RawDifferenceSlice;

export function onDifference(d: Draft, difference: tl.updates.TypeDifference): void {
  count(d, 'differences');
  switch (difference._) {
    case 'updates.differenceEmpty':
      settleSeq(d, difference.seq);
      patchCommon(d, { date: difference.date });
      land(d, 'common', false);
      return;
    case 'updates.difference':
      land(d, 'common', absorb(d, difference, difference.state));
      return;
    case 'updates.differenceSlice':
      if (absorb(d, difference, difference.intermediateState)) follow(d, 'common');
      // A slice that leads nowhere must not be asked again at once, for ever.
      else retryLater(d, 'common');
      return;
    case 'updates.differenceTooLong':
      startBackfill(d, 'common', { reason: 'too-long', goal: { pts: difference.pts } });
  }
}

/** Where Telegram stands: the start of a new account, or what remains when our own counter is worthless. */
export function onState(
  d: Draft,
  question: Extract<Question, { ask: 'state' }>,
  state: tl.updates.TypeState,
): void {
  const { pts, qts, seq, date } = state;
  if (question.why === 'start') {
    d.state = { ...d.state, phase: 'live' };
    patchCommon(d, { confirmedPts: pts, date });
    setCounters(d, state);
    // The state may carry a stale qts: the difference right after it says the truth.
    follow(d, 'common');
  } else if (question.why === 'timestamp-invalid' || pts < d.state.common.pts.at) {
    const reason = question.why === 'timestamp-invalid' ? 'timestamp-invalid' : 'pts-reset';
    startBackfill(d, 'common', { reason, goal: { pts, qts, seq, date } });
  } else {
    follow(d, 'common');
  }
}

/** Takes everything in: peers, ids of own sends, messages, the rest; then the counters. False: nothing has moved. */
function absorb(d: Draft, difference: Whole, state: tl.updates.TypeState): boolean {
  const along = takePeers(d, difference.users, difference.chats);
  const before = d.state.common;
  const { newMessages: messages, newEncryptedMessages: secrets, otherUpdates } = difference;
  const applied = d.items.length;
  const ids = otherUpdates.filter((update) => update._ === 'updateMessageID');
  apply(
    d,
    'common',
    ids.map((update) => itemOf(d, 'common', 'difference', update, along)),
  );
  apply(d, 'common', newMessages(d, 'common', 'difference', messages, along));
  takeOthers(d, 'common', otherUpdates, along);
  count(d, 'recovered', d.items.length - applied);
  const { pts, qts, seq } = before;
  const moved = state.pts !== pts.at || state.qts !== qts.at || state.seq !== seq.at;
  setCounters(d, state);
  return moved || messages.length + secrets.length + otherUpdates.length > 0;
}

/** Updates inside a difference: those of its own box hold as they are, those of other boxes need their own check. */
export function takeOthers(d: Draft, key: BoxKey, updates: readonly tl.TypeUpdate[], along: Along): void {
  const reading: Reading = {
    source: 'difference',
    incomplete: new Set(),
    muted: new Set(),
    box: boxName(key),
  };
  for (const update of updates) {
    if (update._ === 'updateMessageID') continue;
    const place = placeOf(update);
    const own =
      place.at === 'channel'
        ? place.channel === key
        : key === 'common' && (place.at === 'common' || place.at === 'qts');
    if (own) apply(d, key, [itemOf(d, key, 'difference', update, along)]);
    else takeUpdate(d, update, place, reading, along);
  }
}

function setCounters(d: Draft, { pts, qts, seq, date }: tl.updates.TypeState): void {
  patchCommon(d, { date });
  settleSeq(d, seq);
  settleQts(d, forward(d.state.common.qts.at, qts));
  settlePts(d, 'common', forward(d.state.common.pts.at, pts));
}
