/** What happens to a box between two questions: gaps get half a second, differences end, denied gaps are passed over. */
import { settleIds } from './audit.js';
import { openHole, startBackfill } from './backfill.js';
import { apply, boxState, count, patchBox, patchCommon, putChannel, type Draft } from './draft.js';
import { ask, endFlight, follow } from './flight.js';
import { hasGap, settleQts, settleSeq, settleWaiting, waitingIn } from './settle.js';
import type { BoxKey } from './state.js';
import { isNew } from './synthetic.js';

/** A server that denies a gap so often in a row (about 30 s) will never fill it. */
const deniedLimit = 6;
/** Ask without need after so many events, so that Telegram may forget them (TDLib: FORCED_GET_DIFFERENCE_PTS_DIFF). */
const confirmEvery = 100_000;

/** Arms the gap timer where something waits and no question is open, and calls it off where nothing waits. */
export function watchGap(d: Draft, key: BoxKey): void {
  const box = boxState(d, key);
  if (box?.flight.stage !== 'none') return;
  const waits = hasGap(d, key);
  if (waits === box.gapTimer) return;
  patchBox(d, key, { gapTimer: waits });
  const delayMs = Math.min(d.state.settings.gapMs * 2 ** box.denied, 60_000);
  d.effects.push(
    waits
      ? { do: 'start-timer', timer: 'gap', key, delayMs, jitterMs: 0 }
      : { do: 'stop-timer', timer: 'gap', key },
  );
}

/** The missing update had its time. */
export function gapTimeout(d: Draft, key: BoxKey): void {
  const box = boxState(d, key);
  if (box?.gapTimer !== true) return;
  patchBox(d, key, { gapTimer: false });
  count(d, 'gaps');
  if (hasGap(d, key)) ask(d, key);
}

/** Too much waits: it is dropped, because the difference brings it again. */
export function boundWaiting(d: Draft, key: BoxKey): void {
  const box = boxState(d, key);
  if (box === undefined || waitingIn(d, key) <= d.state.settings.maxWaiting) return;
  patchBox(d, key, { pts: { ...box.pts, waiting: [] } });
  if (key === 'common') {
    const { qts, seq } = d.state.common;
    patchCommon(d, { qts: { ...qts, waiting: [] }, seq: { ...seq, waiting: [] } });
  }
  ask(d, key);
}

/** A difference has ended. `moved`: it brought something. */
export function land(d: Draft, key: BoxKey, moved: boolean): void {
  const channel = key === 'common' ? undefined : d.state.channels.get(key);
  if (channel !== undefined && channel.status !== 'live') {
    const { reached: _, ...landed } = channel;
    putChannel(d, { ...landed, status: 'live' });
  }
  settleWaiting(d, key);
  patchBox(d, key, { denied: moved || !hasGap(d, key) ? 0 : (boxState(d, key)?.denied ?? 0) + 1 });
  if (key === 'common') {
    patchCommon(d, { confirmedPts: d.state.common.pts.at });
    const { pollMs, pollJitterMs } = d.state.settings;
    d.effects.push({ do: 'start-timer', timer: 'poll', key, delayMs: pollMs, jitterMs: pollJitterMs });
  }
  rest(d, key);
}

/** No question is open any more: what waited is taken, and what is still missing is cared for. */
export function rest(d: Draft, key: BoxKey): void {
  const again = endFlight(d, key);
  settleWaiting(d, key);
  if (key !== 'common') goBack(d, key);
  if (again) ask(d, key);
  else if ((boxState(d, key)?.denied ?? 0) >= deniedLimit) passDenied(d, key);
  else watchGap(d, key);
  if (key === 'common') auditNext(d);
}

/** A channel met too late starts again where its past has turned out to begin. */
export function goBack(d: Draft, id: number): void {
  const channel = d.state.channels.get(id);
  if (channel?.earlier === undefined || channel.flight.stage !== 'none') return;
  const { earlier, ...rest } = channel;
  const reached = Math.max(rest.pts.at, rest.reached ?? 0);
  const pts = { at: earlier, waiting: rest.pts.waiting.filter((slot) => slot.end > reached) };
  // Messages below those we have are unknown: nothing may count as fetched on the strength of the old id.
  putChannel(d, { ...rest, base: earlier, reached, pts, status: 'diff', lastMsgId: 0 });
  ask(d, id);
}

/** Events since the last difference are many: tell Telegram that we have them. */
export function confirmIfDue(d: Draft): void {
  const { pts, confirmedPts } = d.state.common;
  if (pts.at - confirmedPts >= confirmEvery) ask(d, 'common');
}

/** Ids that should exist and that nobody told us about; only where another process may take updates from us. */
function auditNext(d: Draft): void {
  const { audit, common, settings } = d.state;
  if (!settings.shared || audit.missing.length === 0 || common.flight.stage !== 'none') return;
  const ids = audit.missing.slice(0, 100);
  d.state = { ...d.state, audit: settleIds(audit, ids) };
  follow(d, 'common', { ask: 'audit', ids });
}

/** The first gap of the box becomes a hole, and what waits behind it is taken. */
function passDenied(d: Draft, key: BoxKey): void {
  patchBox(d, key, { denied: 0 });
  const box = boxState(d, key);
  const first = box?.pts.waiting[0];
  if (box === undefined || first === undefined) {
    if (key === 'common') passDeniedExtras(d);
    return;
  }
  const start = first.end - first.count;
  // An update that overlaps what we have fits nowhere: it is taken as it is.
  if (start < box.pts.at) apply(d, key, first.items);
  const top = first.items.flatMap(({ update }) => (isNew(update) ? [update.message.id - 1] : []))[0];
  const goal = { pts: start < box.pts.at ? first.end : start };
  startBackfill(d, key, { reason: 'denied', goal, ...(top === undefined ? {} : { top }) });
}

function passDeniedExtras(d: Draft): void {
  const { qts, seq } = d.state.common;
  const [event] = qts.waiting;
  if (event !== undefined) {
    const hole = openHole(d, 'common', {
      reason: 'denied',
      counter: 'qts',
      from: qts.at,
      to: event.end - 1,
      afterMsgId: 0,
    });
    d.lost.push(hole);
    settleQts(d, event.end - 1);
  }
  const [container] = seq.waiting;
  if (container !== undefined) settleSeq(d, container.end - container.count);
  watchGap(d, 'common');
}
