/** Everything the core remembers between two inputs. Only values: no promises, no clock, no functions. */
import type { tl } from '@mtcute/tl';
import { channelBox, commonBox, type Box } from '../../domain/ids.js';
import type { ChannelStatus, Hole, JournalSource, StoredChannel, StoredState } from '../../ports/updates.js';
import type { Audit } from './audit.js';
import { emptyBox, type SequenceBox } from './box.js';

/** The common box, or a channel by its bare id. */
export type BoxKey = 'common' | number;

/** The name of a box outside the engine. */
export function boxName(key: BoxKey): Box {
  return key === 'common' ? commonBox : channelBox(String(key));
}

/** Peers that came along with an update, by id. */
export interface Along {
  readonly users: ReadonlyMap<number, tl.TypeUser>;
  readonly chats: ReadonlyMap<number, tl.TypeChat>;
}

/** One update on its way to the journal. */
export interface Item {
  readonly update: tl.TypeUpdate;
  readonly box: Box;
  readonly source: JournalSource;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Seconds; the container's. */
  readonly date?: number;
  readonly along: Along;
  /** Counts, but the caller of our own request learns it from the answer: no row. */
  readonly muted?: boolean;
}

/** Where a fetched hole leads: the counters that hold once its messages are durable. */
export interface Goal {
  readonly pts: number;
  readonly qts?: number;
  readonly seq?: number;
  readonly date?: number;
}

/** What a box asks Telegram; one at a time. */
export type Question =
  | { readonly ask: 'difference' }
  | { readonly ask: 'state'; readonly why: 'start' | 'first-seen' | 'pts-changed' | 'timestamp-invalid' }
  /** Messages by id, upwards from `from`; `empty` ids in a row gave nothing. */
  | {
      readonly ask: 'probe';
      readonly from: number;
      /** The highest id to fetch, where it is known. */
      readonly top?: number;
      /** No id above it was given up to the goal, as far as the counter tells. */
      readonly ceiling?: number;
      /** A message that was met far ahead: it does not end before. */
      readonly seen?: number;
      /** Only a look whether there is anything far above `from`. */
      readonly ahead?: boolean;
      readonly empty: number;
      readonly goal: Goal;
      readonly hole: string;
    }
  | { readonly ask: 'audit'; readonly ids: readonly number[] };

/** While a question is open, the box's updates wait for its answer; while a difference waits to be asked again, only those that do not fit. */
export type Flight =
  | { readonly stage: 'none' }
  | {
      /** `queued` for a free place, `asking` Telegram, `backoff` until the retry timer. */
      readonly stage: 'queued' | 'asking' | 'backoff';
      readonly question: Question;
      /** Of the call under way; answers to older ones are void. */
      readonly gen: number;
      /** Failures in a row, of whatever kind. */
      readonly attempt: number;
      /** Refusals in a row. */
      readonly refused: number;
      /** Something happened that the answer under way may not contain. */
      readonly again: boolean;
      /** A flood wait: not even a new connection cuts it short. */
      readonly exact: boolean;
    };

interface BoxState {
  readonly pts: SequenceBox<Item>;
  readonly flight: Flight;
  readonly gapTimer: boolean;
  /** How many differences in a row have left the same gap open. */
  readonly denied: number;
  readonly lastMsgId: number;
}

export interface CommonState extends BoxState {
  readonly qts: SequenceBox<Item>;
  readonly seq: SequenceBox<Item>;
  readonly date: number;
  /** Where the last difference ended: Telegram may forget what lies before. */
  readonly confirmedPts: number;
  /** Telegram has started the counter anew: whatever is to be asked next, the state comes first. */
  readonly ptsChanged: boolean;
}

export interface ChannelState extends BoxState {
  readonly id: number;
  readonly status: ChannelStatus;
  readonly accessHash?: string;
  /** Guessed start of a channel first seen in an update: what ends at or before it was never covered. */
  readonly base: number;
  /** A start before the guessed one that has turned up since; the next question begins there. */
  readonly earlier?: number;
  /** While it goes back: how far it had come. Up to there only the difference counts, a late push may be of a message long deleted. */
  readonly reached?: number;
}

/** Limits and intervals; milliseconds where nothing else is said. */
export interface CoreSettings {
  readonly bot: boolean;
  readonly shared: boolean;
  readonly gapMs: number;
  readonly pollMs: number;
  readonly pollJitterMs: number;
  readonly channelLimit: number;
  readonly channelsAtOnce: number;
  /** Updates that may wait in one box before they are dropped for a difference. */
  readonly maxWaiting: number;
  /** Items that may wait for the store before reading stops. */
  readonly maxUnconfirmed: number;
}

export interface Tally {
  readonly differences: number;
  readonly gaps: number;
  readonly undecodable: number;
  readonly recovered: number;
}

export interface EngineState {
  readonly settings: CoreSettings;
  readonly phase: 'starting' | 'live' | 'dead';
  readonly common: CommonState;
  readonly channels: ReadonlyMap<number, ChannelState>;
  /** Channels whose question waits for a free place, first come first served. */
  readonly queue: readonly number[];
  /** Channel questions under way. */
  readonly asking: number;
  readonly gen: number;
  readonly unconfirmed: number;
  readonly paused: boolean;
  readonly audit: Audit;
  readonly tally: Tally;
}

/** A hole as the core knows it; the runner adds owner and time. */
export interface OpenedHole extends Pick<Hole, 'reason' | 'counter' | 'box' | 'from' | 'to' | 'afterMsgId'> {
  /** Unique inside the owner; the row's id without it. */
  readonly name: string;
}

/** Defaults by kind of account (decisions.md "Numbers"; the channel limits are TDLib's). */
export function settingsFor(account: { bot: boolean; shared: boolean }): CoreSettings {
  return {
    ...account,
    gapMs: 500,
    pollMs: account.shared ? 15_000 : 900_000,
    pollJitterMs: account.shared ? 15_000 : 0,
    channelLimit: account.bot ? 100_000 : 100,
    channelsAtOnce: 10,
    maxWaiting: 2000,
    maxUnconfirmed: 5000,
  };
}

const neverRun: StoredState = {
  pts: 0,
  qts: 0,
  seq: 0,
  date: 0,
  lastMsgId: 0,
  channels: [],
  openHoles: [],
  ord: 0,
};

/** The state at the start of a process; without `stored` the account has never run. */
export function initialState(settings: CoreSettings, stored: StoredState | undefined): EngineState {
  const { pts, qts, seq, date, lastMsgId, channels } = stored ?? neverRun;
  return {
    settings,
    phase: stored === undefined ? 'starting' : 'live',
    common: {
      pts: emptyBox(pts),
      qts: emptyBox(qts),
      seq: emptyBox(seq),
      date,
      lastMsgId,
      confirmedPts: pts,
      ptsChanged: false,
      flight: { stage: 'none' },
      gapTimer: false,
      denied: 0,
    },
    channels: new Map(channels.map((channel) => [channel.id, restored(channel)])),
    queue: [],
    asking: 0,
    gen: 0,
    unconfirmed: 0,
    paused: false,
    audit: { top: lastMsgId, missing: [] },
    tally: { differences: 0, gaps: 0, undecodable: 0, recovered: 0 },
  };
}

function restored({ pts, ...channel }: StoredChannel): ChannelState {
  return { ...newChannel(channel.id, pts), ...channel, base: 0 };
}

/** A channel whose counter is `pts`; 0 where it is not known yet. */
export function newChannel(id: number, pts: number): ChannelState {
  return {
    id,
    pts: emptyBox(pts),
    status: 'diff',
    base: pts,
    lastMsgId: 0,
    flight: { stage: 'none' },
    gapTimer: false,
    denied: 0,
  };
}
