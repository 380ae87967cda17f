/** Moves a box's counter to an authoritative value and applies what fits behind it. */
import { settle } from './box.js';
import { apply, boxState, patchBox, patchCommon, type Draft } from './draft.js';
import type { BoxKey } from './state.js';

/** The pts of the common box or of a channel. */
export function settlePts(d: Draft, key: BoxKey, at: number): void {
  const box = boxState(d, key);
  if (box === undefined) return;
  const moved = settle(box.pts, at);
  patchBox(d, key, { pts: moved.box });
  apply(d, key, moved.released);
}

export function settleQts(d: Draft, at: number): void {
  const moved = settle(d.state.common.qts, at);
  patchCommon(d, { qts: moved.box });
  apply(d, 'common', moved.released);
}

/** Slots of seq carry nothing: updates without a counter are applied as they come. */
export function settleSeq(d: Draft, at: number): void {
  patchCommon(d, { seq: settle(d.state.common.seq, at).box });
}

/** Takes what waited only for the end of a question. */
export function settleWaiting(d: Draft, key: BoxKey): void {
  settlePts(d, key, boxState(d, key)?.pts.at ?? 0);
  if (key !== 'common') return;
  settleQts(d, d.state.common.qts.at);
  settleSeq(d, d.state.common.seq.at);
}

/** How many updates wait in the box, under whatever counter. */
export function waitingIn(d: Draft, key: BoxKey): number {
  const { pts, qts, seq } = d.state.common;
  if (key === 'common') return pts.waiting.length + qts.waiting.length + seq.waiting.length;
  return d.state.channels.get(key)?.pts.waiting.length ?? 0;
}

/** Something is missing: an update waits, or the channel was just seen first and its past is unknown. */
export function hasGap(d: Draft, key: BoxKey): boolean {
  return waitingIn(d, key) > 0 || (key !== 'common' && d.state.channels.get(key)?.status === 'diff');
}
