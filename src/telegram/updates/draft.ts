/** The working copy of the state during one step: collects what changes, and turns it into one commit at the end. */
import type { tl } from '@mtcute/tl';
import type { CommonCounters, StoredChannel } from '../../ports/updates.js';
import { noteId } from './audit.js';
import type { Commit, Effect } from './protocol.js';
import type {
  Along,
  BoxKey,
  ChannelState,
  CommonState,
  EngineState,
  Item,
  OpenedHole,
  Tally,
} from './state.js';

/** Lives for one step; its state's parts are replaced, never changed in place. */
export interface Draft {
  readonly before: EngineState;
  state: EngineState;
  readonly now: number;
  readonly effects: Effect[];
  readonly items: Item[];
  readonly opened: OpenedHole[];
  readonly closed: string[];
  readonly lost: string[];
  readonly users: tl.TypeUser[];
  readonly chats: tl.TypeChat[];
  readonly touched: Set<number>;
}

export function openDraft(state: EngineState, now: number): Draft {
  return {
    before: state,
    state,
    now,
    effects: [],
    items: [],
    opened: [],
    closed: [],
    lost: [],
    users: [],
    chats: [],
    touched: new Set(),
  };
}

export function patchCommon(d: Draft, patch: Partial<CommonState>): void {
  d.state = { ...d.state, common: { ...d.state.common, ...patch } };
}

/** Adds or changes a channel. */
export function putChannel(d: Draft, channel: ChannelState): void {
  // Copied once per step: the map of the state before stays as it was.
  const own =
    d.touched.size > 0 ? (d.state.channels as Map<number, ChannelState>) : new Map(d.state.channels);
  own.set(channel.id, channel);
  d.touched.add(channel.id);
  d.state = { ...d.state, channels: own };
}

/** What common box and channels have alike. */
export type BoxPatch = Partial<Pick<ChannelState, 'pts' | 'flight' | 'gapTimer' | 'denied' | 'lastMsgId'>>;

/** The state of a box; undefined for a channel nobody has told us about. */
export function boxState(d: Draft, key: BoxKey): CommonState | ChannelState | undefined {
  return key === 'common' ? d.state.common : d.state.channels.get(key);
}

export function patchBox(d: Draft, key: BoxKey, patch: BoxPatch): void {
  if (key === 'common') {
    patchCommon(d, patch);
    return;
  }
  const channel = d.state.channels.get(key);
  if (channel !== undefined) putChannel(d, { ...channel, ...patch });
}

export function count(d: Draft, what: keyof Tally, by = 1): void {
  d.state = { ...d.state, tally: { ...d.state.tally, [what]: d.state.tally[what] + by } };
}

/** Takes items for the journal, in order, and notes their message ids. */
export function apply(d: Draft, key: BoxKey, items: readonly Item[]): void {
  const known = boxState(d, key)?.lastMsgId ?? 0;
  let highest = known;
  for (const item of items) {
    if (item.muted !== true) d.items.push(item);
    const { update } = item;
    if (update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage') {
      highest = Math.max(highest, update.message.id);
      if (key === 'common' && d.state.settings.shared)
        d.state = { ...d.state, audit: noteId(d.state.audit, update.message.id) };
    } else if (highest > 0) {
      // Of ids that were used up unseen their deletion tells. Alone it is no start: what lies before is nobody's loss.
      highest = Math.max(highest, ...deletedIn(key, update));
    }
  }
  if (highest > known) patchBox(d, key, { lastMsgId: highest });
}

function deletedIn(key: BoxKey, update: tl.TypeUpdate): readonly number[] {
  if (update._ === 'updateDeleteMessages') return key === 'common' ? update.messages : [];
  return update._ === 'updateDeleteChannelMessages' && update.channelId === key ? update.messages : [];
}

/** Peers to save before the rows, and the access hashes of channels we follow. */
export function takePeers(d: Draft, users: readonly tl.TypeUser[], chats: readonly tl.TypeChat[]): Along {
  d.users.push(...users);
  d.chats.push(...chats);
  for (const chat of chats) {
    if (chat._ !== 'channel' || chat.min === true || chat.accessHash === undefined) continue;
    const channel = d.state.channels.get(chat.id);
    const accessHash = chat.accessHash.toString();
    if (channel !== undefined && channel.accessHash !== accessHash) putChannel(d, { ...channel, accessHash });
  }
  return {
    users: new Map(users.map((user) => [user.id, user])),
    chats: new Map(chats.map((chat) => [chat.id, chat])),
  };
}

/** The state after the step, and its effects: the commit first. */
export function closeDraft(d: Draft): { state: EngineState; effects: Effect[] } {
  const commit = commitOf(d);
  if (commit !== undefined) {
    d.effects.unshift({ do: 'commit', commit });
    d.state = { ...d.state, unconfirmed: d.state.unconfirmed + commit.weight };
  }
  const { unconfirmed, paused, settings } = d.state;
  if (!paused && unconfirmed >= settings.maxUnconfirmed) turn(d, 'pause');
  if (paused && unconfirmed <= settings.maxUnconfirmed / 2) turn(d, 'resume');
  return { state: d.state, effects: d.effects };
}

function turn(d: Draft, to: 'pause' | 'resume'): void {
  d.state = { ...d.state, paused: to === 'pause' };
  d.effects.push({ do: to });
}

function commitOf(d: Draft): Commit | undefined {
  const to = countersOf(d.state.common);
  const moved =
    d.state.phase !== 'starting' && (!same(countersOf(d.before.common), to) || d.before.phase === 'starting');
  const channels = [...d.touched].flatMap((id) => changedChannel(d, id));
  const begins = channels.some(({ id, pts }) => pts > 0 && (d.before.channels.get(id)?.pts.at ?? 0) === 0);
  const { items, opened, closed, lost, users, chats } = d;
  const parts = [items, opened, closed, lost, users, chats, channels];
  if (!moved && parts.every((part) => part.length === 0)) return undefined;
  return {
    items,
    opened,
    closed,
    lost,
    users,
    chats,
    channels,
    ...(moved ? { common: to } : {}),
    apart: begins || opened.length > 0,
    weight: items.length + 1,
  };
}

function changedChannel(d: Draft, id: number): StoredChannel[] {
  const before = d.before.channels.get(id);
  const after = d.state.channels.get(id);
  if (after === undefined) return [];
  const to = storedChannel(after);
  return before !== undefined && same(storedChannel(before), to) ? [] : [to];
}

function countersOf(common: CommonState): CommonCounters {
  const { pts, qts, seq, date, lastMsgId } = common;
  return { pts: pts.at, qts: qts.at, seq: seq.at, date, lastMsgId };
}

function storedChannel({ id, pts, status, accessHash, lastMsgId }: ChannelState): StoredChannel {
  return { id, pts: pts.at, status, lastMsgId, ...(accessHash === undefined ? {} : { accessHash }) };
}

/** Flat rows of numbers and strings. */
function same<T extends object>(a: T, b: T): boolean {
  return (Object.keys({ ...a, ...b }) as (keyof T)[]).every((field) => a[field] === b[field]);
}
