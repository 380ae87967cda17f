/** What goes into the core and what comes out of it. */
import type { tl } from '@mtcute/tl';
import type { Box } from '../../domain/ids.js';
import type { CommonCounters, StoredChannel } from '../../ports/updates.js';
import type { Container } from './containers.js';
import type { ChannelRef, RpcFault, TransportEvent, WithPeers } from './ports.js';
import type { BoxKey, Item, OpenedHole } from './state.js';

/** `gap`: the missing update had its half second · `retry`: a failed question may be asked again · `poll`: ask without cause. */
export interface TimerName {
  readonly timer: 'gap' | 'retry' | 'poll';
  readonly key: BoxKey;
}

/** Numbers that a result of our own call stands for. */
export interface Affected {
  readonly key: BoxKey;
  readonly pts: number;
  readonly count: number;
}

/** The calls of the engine; `channel` undefined: the common box. */
export type Call =
  | { readonly method: 'getState' }
  | { readonly method: 'getDifference'; readonly pts: number; readonly qts: number; readonly date: number }
  | {
      readonly method: 'getChannelDifference';
      readonly channel: ChannelRef;
      readonly pts: number;
      readonly limit: number;
    }
  | { readonly method: 'getChannelState'; readonly channel: ChannelRef }
  | { readonly method: 'getMessages'; readonly channel?: ChannelRef; readonly ids: readonly number[] };

export type Answer =
  | { readonly method: 'getState'; readonly result: tl.updates.TypeState }
  | { readonly method: 'getDifference'; readonly result: tl.updates.TypeDifference }
  | { readonly method: 'getChannelDifference'; readonly result: tl.updates.TypeChannelDifference }
  | {
      readonly method: 'getChannelState';
      readonly result: { readonly pts: number; readonly topMsgId?: number };
    }
  | {
      readonly method: 'getMessages';
      readonly result: WithPeers & { readonly messages: readonly tl.TypeMessage[] };
    };

/** Everything that can happen to an account; `now` in milliseconds since 1970. */
export type Input = { readonly now: number } & (
  | { readonly type: 'start' }
  | {
      readonly type: 'container';
      readonly container: Container;
      readonly incomplete: ReadonlySet<tl.TypeUpdate>;
    }
  /** A result of our own call: as a container, without what the caller learns anyway. `box`: where the request acted. */
  | {
      readonly type: 'result';
      readonly container?: Container;
      readonly muted: ReadonlySet<tl.TypeUpdate>;
      readonly affected?: Affected;
      readonly box: Box;
    }
  | { readonly type: 'event'; readonly event: TransportEvent | 'resync' }
  | ({ readonly type: 'timer' } & TimerName)
  | { readonly type: 'answer'; readonly key: BoxKey; readonly gen: number; readonly answer: Answer }
  | {
      readonly type: 'failure';
      readonly key: BoxKey;
      readonly gen: number;
      readonly fault: RpcFault | undefined;
    }
  /** A commit of this weight is durable. */
  | { readonly type: 'committed'; readonly weight: number }
);

/** Durable in this order: peers, items, opened holes, lost and closed ones, counters. */
export interface Commit {
  readonly users: readonly tl.TypeUser[];
  readonly chats: readonly tl.TypeChat[];
  readonly items: readonly Item[];
  readonly opened: readonly OpenedHole[];
  readonly closed: readonly string[];
  /** Open, and nothing will fetch them. */
  readonly lost: readonly string[];
  /** The values to move to; undefined or empty where nothing moved. */
  readonly common?: CommonCounters;
  readonly channels: readonly StoredChannel[];
  /**
   * In no batch with others: a channel begins here, and its start must be durable before any row of it; or a hole begins here,
   * and it must not name a start that a crash could still take back.
   */
  readonly apart: boolean;
  readonly weight: number;
}

export type Effect =
  | { readonly do: 'commit'; readonly commit: Commit }
  | { readonly do: 'ask'; readonly key: BoxKey; readonly gen: number; readonly call: Call }
  | ({ readonly do: 'start-timer'; readonly delayMs: number; readonly jitterMs: number } & TimerName)
  | ({ readonly do: 'stop-timer' } & TimerName)
  | { readonly do: 'pause' | 'resume' }
  | { readonly do: 'terminal'; readonly type: string };
