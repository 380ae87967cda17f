/**
 * The core: state and input in, new state and effects out. Pure; the order of the effects is the order in which they must be
 * begun, and the commits among them the order in which they must become durable.
 */
import { giveUp, onProbe } from './backfill.js';
import { onChannelDifference, onChannelState } from './channel-difference.js';
import { offerChannel, onInaccessible, resumeChannel } from './channels.js';
import { onDifference, onState } from './difference.js';
import { apply, boxState, closeDraft, count, openDraft, takePeers, type Draft } from './draft.js';
import { judge } from './faults.js';
import { ask, follow, hurry, launch, retryLater, retryNow, takeQuestion } from './flight.js';
import { boundWaiting, confirmIfDue, gapTimeout, rest, watchGap } from './landing.js';
import type { Affected, Answer, Effect, Input } from './protocol.js';
import { offerCommon, takeContainer } from './push.js';
import { boxName, type BoxKey, type EngineState, type Question } from './state.js';
import { newMessages } from './synthetic.js';

/** So often (some 7 s) a question about a channel is refused before the channel counts as closed. */
const refusedLimit = 3;

export function step(
  state: EngineState,
  input: Input,
): { readonly state: EngineState; readonly effects: readonly Effect[] } {
  if (state.phase === 'dead') return { state, effects: [] };
  const d = openDraft(state, input.now);
  take(d, input);
  launch(d);
  return closeDraft(d);
}

function take(d: Draft, input: Input): void {
  switch (input.type) {
    case 'start':
      start(d);
      break;
    case 'container':
    case 'result':
      // Before the first state nothing counts: what is pushed now is in the difference that follows.
      if (d.state.phase === 'live') takeIn(d, input);
      break;
    case 'event':
      onEvent(d, input.event);
      break;
    case 'timer':
      onTimer(d, input);
      break;
    case 'answer':
      onAnswer(d, input.key, takeQuestion(d, input.key, input.gen), input.answer);
      break;
    case 'failure':
      onFailure(d, input.key, takeQuestion(d, input.key, input.gen), input.fault);
      break;
    case 'committed':
      d.state = { ...d.state, unconfirmed: d.state.unconfirmed - input.weight };
  }
}

function start(d: Draft): void {
  ask(d, 'common', d.state.phase === 'starting' ? { ask: 'state', why: 'start' } : undefined);
  for (const channel of d.state.channels.values()) resumeChannel(d, channel);
}

function takeIn(d: Draft, input: Extract<Input, { type: 'container' | 'result' }>): void {
  if (input.type === 'container') {
    takeContainer(d, input.container, {
      source: 'push',
      incomplete: input.incomplete,
      muted: new Set(),
      box: boxName('common'),
    });
    return;
  }
  const { container, muted, box, affected } = input;
  if (container !== undefined)
    takeContainer(d, container, { source: 'result', incomplete: new Set(), muted, box });
  if (affected !== undefined) takeAffected(d, affected);
}

/** Numbers of our own reads and deletes; a channel that is not followed has no counter to move. */
function takeAffected(d: Draft, { key, pts, count: events }: Affected): void {
  const slot = { end: pts, count: events, items: [] };
  if (pts === 0 || events === 0) return;
  if (key !== 'common') {
    if (d.state.channels.has(key)) offerChannel(d, key, slot);
    return;
  }
  offerCommon(d, 'pts', slot);
  boundWaiting(d, 'common');
  watchGap(d, 'common');
  confirmIfDue(d);
}

function onEvent(d: Draft, event: Extract<Input, { type: 'event' }>['event']): void {
  if (event === 'undecodable') count(d, 'undecodable');
  if (event === 'connected' || event === 'reconnected') hurry(d);
  ask(d, 'common', d.state.phase === 'starting' ? { ask: 'state', why: 'start' } : undefined);
}

function onTimer(d: Draft, { timer, key }: Extract<Input, { type: 'timer' }>): void {
  switch (timer) {
    case 'gap':
      gapTimeout(d, key);
      break;
    case 'retry':
      retryNow(d, key);
      break;
    case 'poll':
      ask(d, 'common');
  }
}

function onAnswer(d: Draft, key: BoxKey, question: Question | undefined, answer: Answer): void {
  if (question === undefined) return;
  if (answer.method === 'getMessages') {
    if (question.ask === 'probe') onProbe(d, key, question, answer.result);
    else if (question.ask === 'audit') onAudit(d, key, answer.result);
  } else if (key === 'common') {
    if (answer.method === 'getDifference') onDifference(d, answer.result);
    else if (answer.method === 'getState' && question.ask === 'state') onState(d, question, answer.result);
  } else if (answer.method === 'getChannelDifference') {
    onChannelDifference(d, key, answer.result);
  } else if (answer.method === 'getChannelState' && question.ask === 'state') {
    onChannelState(d, key, question, answer.result);
  }
}

function onAudit(
  d: Draft,
  key: BoxKey,
  { messages, users, chats }: Extract<Answer, { method: 'getMessages' }>['result'],
): void {
  const found = newMessages(d, key, 'backfill', messages, takePeers(d, users, chats));
  apply(d, key, found);
  count(d, 'recovered', found.length);
  rest(d, key);
}

function onFailure(
  d: Draft,
  key: BoxKey,
  question: Question | undefined,
  fault: Extract<Input, { type: 'failure' }>['fault'],
): void {
  if (question === undefined) return;
  const judgement = judge(fault);
  if (judgement.means === 'terminal') {
    d.effects.push({ do: 'terminal', type: fault?.type ?? '' });
    d.state = { ...d.state, phase: 'dead' };
  } else if (question.ask === 'audit') {
    rest(d, key);
  } else if (judgement.means === 'wait') {
    retryLater(d, key, judgement.delayMs);
  } else if (judgement.means === 'inaccessible' && key !== 'common') {
    onInaccessible(d, key);
  } else if (judgement.means === 'timestamp-invalid' && question.ask === 'difference') {
    follow(d, key, { ask: 'state', why: 'timestamp-invalid' });
  } else if (judgement.means === 'refused') {
    onRefused(d, key, question);
  } else {
    retryLater(d, key);
  }
}

function onRefused(d: Draft, key: BoxKey, question: Question): void {
  const flight = boxState(d, key)?.flight;
  const refused = flight === undefined || flight.stage === 'none' ? 0 : flight.refused;
  if (question.ask === 'probe') giveUp(d, key, question);
  else if (key !== 'common' && refused >= refusedLimit) onInaccessible(d, key);
  else retryLater(d, key, undefined, refused + 1);
}
