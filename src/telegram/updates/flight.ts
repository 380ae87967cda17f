/** Questions to Telegram: one per box at a time, ten channels at once, again after a wait. */
import { boxState, patchBox, patchCommon, type Draft } from './draft.js';
import { backoff } from './faults.js';
import { idsOf } from './probe.js';
import type { Call } from './protocol.js';
import { settleWaiting } from './settle.js';
import type { BoxKey, ChannelState, Flight, Question } from './state.js';

const difference: Question = { ask: 'difference' };
const none: Flight = { stage: 'none' };
const untried = { attempt: 0, refused: 0 };

/** Wants an answer for the box. If a call is under way the question is asked again after it: the answer may be too old. */
export function ask(d: Draft, key: BoxKey, question = difference): void {
  const box = boxState(d, key);
  if (box === undefined || d.state.phase === 'dead') return;
  if (box.flight.stage === 'none') enqueue(d, key, question);
  else if (box.flight.stage === 'asking') patchBox(d, key, { flight: { ...box.flight, again: true } });
}

/** The next question of a box whose call has just been answered. */
export function follow(d: Draft, key: BoxKey, question = difference): void {
  enqueue(d, key, question);
}

/** Asks the same again, after a growing pause or exactly after a flood wait; `refused`: so often in a row Telegram has refused it. */
export function retryLater(d: Draft, key: BoxKey, floodMs?: number, refused = 0): void {
  const flight = boxState(d, key)?.flight;
  if (flight === undefined || flight.stage === 'none') return;
  const wait = floodMs === undefined ? backoff(flight.attempt) : { delayMs: floodMs, jitterMs: 0 };
  const exact = floodMs !== undefined;
  patchBox(d, key, {
    flight: { ...flight, stage: 'backoff', attempt: flight.attempt + (exact ? 0 : 1), refused, exact },
  });
  d.effects.push({ do: 'start-timer', timer: 'retry', key, ...wait });
  if (takesWhatFits(d, key)) settleWaiting(d, key);
}

/**
 * Whether an update that connects at the counter is taken at once. An answer that is awaited may bring it too; a difference that has
 * failed is asked anew from wherever the counter stands then, so it holds nothing back.
 */
export function takesWhatFits(d: Draft, key: BoxKey): boolean {
  const box = boxState(d, key);
  if (box === undefined) return false;
  const { flight } = box;
  const failed = flight.stage === 'backoff' && flight.question.ask === 'difference';
  if (!('status' in box)) return flight.stage === 'none' || (failed && !box.ptsChanged);
  if (flight.stage === 'none') return box.status === 'live';
  return failed && isSettled(box);
}

/** Not one whose past is still being looked for: what lies before would be journaled after what is taken now. */
function isSettled({ status, base, pts, earlier, reached }: ChannelState): boolean {
  if (status === 'inaccessible' || earlier !== undefined || reached !== undefined) return false;
  return status === 'live' || base !== pts.at;
}

/** The pause of a failed question is over. */
export function retryNow(d: Draft, key: BoxKey): void {
  const flight = boxState(d, key)?.flight;
  if (flight?.stage === 'backoff') enqueue(d, key, flight.question, flight);
}

/** A connection is there: whoever waited for nothing but luck tries at once. */
export function hurry(d: Draft): void {
  for (const key of ['common' as const, ...d.state.channels.keys()]) {
    const flight = boxState(d, key)?.flight;
    if (flight?.stage !== 'backoff' || flight.exact) continue;
    d.effects.push({ do: 'stop-timer', timer: 'retry', key });
    retryNow(d, key);
  }
}

/** The call is answered (or has failed): what was asked, if the answer is the one waited for. */
export function takeQuestion(d: Draft, key: BoxKey, gen: number): Question | undefined {
  const flight = boxState(d, key)?.flight;
  if (flight?.stage !== 'asking' || flight.gen !== gen) return undefined;
  if (key !== 'common') d.state = { ...d.state, asking: d.state.asking - 1 };
  return flight.question;
}

/** Ends the box's questions; true when it must be asked anew. */
export function endFlight(d: Draft, key: BoxKey): boolean {
  const flight = boxState(d, key)?.flight ?? none;
  patchBox(d, key, { flight: none });
  return flight.stage !== 'none' && flight.again;
}

/** Sends what may be sent now. While the store does not keep up nothing is fetched: the server keeps it for us. */
export function launch(d: Draft): void {
  const { settings, unconfirmed } = d.state;
  if (d.state.phase === 'dead' || unconfirmed + d.items.length >= settings.maxUnconfirmed) return;
  if (d.state.common.flight.stage === 'queued') send(d, 'common');
  while (d.state.asking < settings.channelsAtOnce) {
    const [id, ...queue] = d.state.queue;
    if (id === undefined) return;
    d.state = { ...d.state, queue, asking: d.state.asking + 1 };
    send(d, id);
  }
}

function enqueue(d: Draft, key: BoxKey, question: Question, { attempt, refused } = untried): void {
  if (boxState(d, key)?.gapTimer === true) d.effects.push({ do: 'stop-timer', timer: 'gap', key });
  const flight: Flight = { stage: 'queued', question, gen: 0, attempt, refused, again: false, exact: false };
  patchBox(d, key, { flight, gapTimer: false });
  if (key !== 'common') d.state = { ...d.state, queue: [...d.state.queue, key] };
}

function send(d: Draft, key: BoxKey): void {
  const flight = boxState(d, key)?.flight;
  if (flight === undefined || flight.stage === 'none') return;
  const gen = d.state.gen + 1;
  d.state = { ...d.state, gen };
  const question = nextQuestion(d, key, flight.question);
  patchBox(d, key, { flight: { ...flight, question, stage: 'asking', gen } });
  d.effects.push({ do: 'ask', key, gen, call: callFor(d, key, question) });
}

/** A counter that was started anew makes every other question worthless; a hole that it interrupts is found again. */
function nextQuestion(d: Draft, key: BoxKey, question: Question): Question {
  if (key !== 'common' || !d.state.common.ptsChanged) return question;
  patchCommon(d, { ptsChanged: false });
  return { ask: 'state', why: 'pts-changed' };
}

function callFor(d: Draft, key: BoxKey, question: Question): Call {
  const channel = key === 'common' ? undefined : refOf(key, d.state.channels.get(key));
  switch (question.ask) {
    case 'difference': {
      const { pts, qts, date } = d.state.common;
      if (channel === undefined) return { method: 'getDifference', pts: pts.at, qts: qts.at, date };
      const at = d.state.channels.get(channel.id)?.pts.at ?? 0;
      return { method: 'getChannelDifference', channel, pts: at, limit: d.state.settings.channelLimit };
    }
    case 'state':
      return channel === undefined ? { method: 'getState' } : { method: 'getChannelState', channel };
    case 'probe':
      return { method: 'getMessages', ids: idsOf(question), ...(channel === undefined ? {} : { channel }) };
    case 'audit':
      return { method: 'getMessages', ids: question.ids };
  }
}

function refOf(id: number, channel: ChannelState | undefined) {
  return { id, ...(channel?.accessHash === undefined ? {} : { accessHash: channel.accessHash }) };
}
