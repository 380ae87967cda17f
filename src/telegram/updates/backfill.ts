/**
 * What Telegram would not replay is fetched by message id, 100 at a time, before the box goes on: so order holds. Ids are
 * dense in both kinds of box, and accounts and bots may both ask by id. The counter moves only when the fetch has ended, so a
 * crash finds the same hole again and goes on after the last message that is durable.
 */
import type { tl } from '@mtcute/tl';
import { rowId } from '../../domain/ids.js';
import { apply, boxState, patchCommon, takePeers, type Draft } from './draft.js';
import { follow, probeSize } from './flight.js';
import type { WithPeers } from './ports.js';
import { settlePts, settleQts, settleSeq } from './settle.js';
import { boxName, type BoxKey, type Goal, type Item, type OpenedHole, type Question } from './state.js';
import { newMessages } from './synthetic.js';

type Probe = Extract<Question, { ask: 'probe' }>;

/** Where nobody knows the highest id, so many ids without a message in a row are the end. */
const emptyEnd = 300;

export interface Jump {
  readonly reason: OpenedHole['reason'];
  readonly goal: Goal;
  /** Highest message id that may be missing, where it is known. */
  readonly top?: number;
  /** What is at hand, where no message of the box was ever seen: then there is no id to fetch from. */
  readonly latest?: readonly Item[];
}

/** Opens the hole between here and the goal, and asks for the first ids. */
export function startBackfill(d: Draft, key: BoxKey, { reason, goal, top, latest = [] }: Jump): void {
  const box = boxState(d, key);
  if (box === undefined) return;
  const afterMsgId = box.lastMsgId;
  const hole = openHole(d, key, { reason, counter: 'pts', from: box.pts.at, to: goal.pts, afterMsgId });
  const probe: Probe = {
    ask: 'probe',
    from: afterMsgId + 1,
    empty: 0,
    goal,
    hole,
    ...(top === undefined ? {} : { top }),
  };
  if (afterMsgId === 0) {
    apply(d, key, latest);
    reach(d, key, probe, false);
  } else if (isDone(probe)) reach(d, key, probe, true);
  else follow(d, key, probe);
}

/** Notes a hole; it is durable before any counter passes it. */
export function openHole(d: Draft, key: BoxKey, hole: Omit<OpenedHole, 'name' | 'box'>): string {
  const box = boxName(key);
  const name = rowId(box, hole.counter, hole.from);
  d.opened.push({ ...hole, box, name });
  return name;
}

/** The messages of one probe; asks on, or moves the counters to the goal. */
export function onProbe(
  d: Draft,
  key: BoxKey,
  probe: Probe,
  answer: WithPeers & { messages: readonly tl.TypeMessage[] },
): void {
  const found = newMessages(d, key, 'backfill', answer.messages, takePeers(d, answer.users, answer.chats));
  apply(d, key, found);
  const size = Math.min(probeSize, (probe.top ?? Infinity) - probe.from + 1);
  const next = { ...probe, from: probe.from + size, empty: found.length > 0 ? 0 : probe.empty + size };
  if (isDone(next)) reach(d, key, next, true);
  else follow(d, key, next);
}

/** Telegram refuses to tell: the hole is lost, for people to see, and the box goes on. */
export function giveUp(d: Draft, key: BoxKey, probe: Probe): void {
  reach(d, key, probe, false);
}

function isDone(probe: Probe): boolean {
  return probe.top === undefined ? probe.empty >= emptyEnd : probe.from > probe.top;
}

function reach(d: Draft, key: BoxKey, { goal, hole }: Probe, fetched: boolean): void {
  if (key === 'common') {
    if (goal.seq !== undefined) settleSeq(d, goal.seq);
    if (goal.qts !== undefined) settleQts(d, goal.qts);
    if (goal.date !== undefined) patchCommon(d, { date: goal.date });
  }
  settlePts(d, key, goal.pts);
  (fetched ? d.closed : d.lost).push(hole);
  follow(d, key);
}
