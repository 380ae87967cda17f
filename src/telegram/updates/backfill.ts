/**
 * What Telegram would not replay is fetched by message id, 100 at a time, before the box goes on: so order holds. Ids are
 * dense in both kinds of box, and accounts and bots may both ask by id. The counter moves only when the fetch has ended, so a
 * crash finds the same hole again and goes on after the last message that is durable. Deleted ids look like ids that were never
 * given: a hole is closed only where something says where its ids end, else it is lost with what was found of it.
 */
import type { tl } from '@mtcute/tl';
import { rowId } from '../../domain/ids.js';
import { settle } from './box.js';
import { apply, boxState, patchCommon, takePeers, type Draft } from './draft.js';
import { follow } from './flight.js';
import type { WithPeers } from './ports.js';
import { idsOf, standingOf, type Probe } from './probe.js';
import { settlePts, settleQts, settleSeq } from './settle.js';
import { boxName, type BoxKey, type Goal, type Item, type OpenedHole } from './state.js';
import { isNew, newMessages } from './synthetic.js';

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
  const ceiling = ceilingOf(reason, box, goal);
  const probe: Probe = {
    ask: 'probe',
    from: afterMsgId + 1,
    empty: 0,
    goal,
    hole,
    ...(top === undefined ? {} : { top }),
    ...(ceiling === undefined ? {} : { ceiling }),
  };
  if (afterMsgId === 0) {
    apply(d, key, latest);
    reach(d, key, probe, false);
  } else proceed(d, key, probe);
}

/** Each id costs the counter at least one; a counter that Telegram no longer accepts proves nothing. */
function ceilingOf(
  reason: OpenedHole['reason'],
  { lastMsgId, pts }: { lastMsgId: number; pts: { at: number } },
  goal: Goal,
): number | undefined {
  const counted = goal.pts - pts.at;
  return (reason === 'too-long' || reason === 'denied') && counted >= 0 ? lastMsgId + counted : undefined;
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
  if (probe.ahead === true) {
    lookedAhead(d, key, probe, answer.messages);
    return;
  }
  const found = newMessages(d, key, 'backfill', answer.messages, takePeers(d, answer.users, answer.chats));
  apply(d, key, found);
  const size = idsOf(probe).length;
  proceed(d, key, { ...probe, from: probe.from + size, empty: found.length > 0 ? 0 : probe.empty + size });
}

/** Nothing is journaled of what lies ahead: its turn comes when the ids before it have been asked for. */
function lookedAhead(d: Draft, key: BoxKey, probe: Probe, messages: readonly tl.TypeMessage[]): void {
  const { ahead: _, ...walk } = probe;
  const seen = Math.max(0, ...messages.flatMap(({ _, id }) => (_ === 'messageEmpty' ? [] : [id])));
  if (seen === 0) reach(d, key, walk, false);
  else proceed(d, key, { ...walk, seen });
}

function proceed(d: Draft, key: BoxKey, probe: Probe): void {
  const top = probe.top ?? topBefore(d, key, probe.goal);
  const next = top === undefined ? probe : { ...probe, top };
  const standing = standingOf(next);
  if (standing === 'whole') reach(d, key, next, true);
  else follow(d, key, standing === 'look' ? { ...next, ahead: true } : next);
}

/** A message that waits and connects at the goal was the first after the hole, and got the next id. */
function topBefore(d: Draft, key: BoxKey, goal: Goal): number | undefined {
  const box = boxState(d, key);
  if (box === undefined) return undefined;
  const after = settle(box.pts, goal.pts)
    .released.map(({ update }) => update)
    .find(isNew);
  return after === undefined ? undefined : after.message.id - 1;
}

/** Telegram refuses to tell: the hole is lost, for people to see, and the box goes on. */
export function giveUp(d: Draft, key: BoxKey, probe: Probe): void {
  reach(d, key, probe, false);
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
