/** What the update engine needs of a store: its counters, the journal and the list of holes. No Telegram types. */

import type { TelegramEvent } from '../domain/event.js';
import type { Box, OwnerId } from '../domain/ids.js';

export type JournalKind = 'new' | 'edit' | 'delete' | 'sent-id' | 'read' | 'other';

/** How an event reached us; `backfill` was fetched by id and may stand after younger ones. */
export type JournalSource = 'push' | 'difference' | 'result' | 'backfill';

/** One event of Telegram, written once; all fields but `routedAt` (owned by ingest) are never changed. */
export interface JournalRow {
  /**
   * The key that makes the append idempotent, parts joined with `-` (`rowId`): owner, then
   * `n-BOX-MSG` new · `e-BOX-MSG-PTS-HASH` edit · `d-BOX-MSG` delete · `s-RANDOM` sent-id · others by counter or hash.
   */
  readonly _id: string;
  readonly owner: OwnerId;
  readonly box: Box;
  /** Order inside the owner; rows of a later fence are greater than all rows of an earlier one. */
  readonly ord: number;
  readonly kind: JournalKind;
  readonly msgId?: number;
  /** Milliseconds since 1970, our clock; the original time is in the event. */
  readonly receivedAt: number;
  readonly source: JournalSource;
  readonly event: TelegramEvent;
  /** The TL bytes of the update (none, where the layer cannot say it) and the layer they are written in; dropped once the row is routed. */
  readonly tl: Uint8Array;
  readonly layer: number;
}

/** `diff`: a difference of this channel is due; `inaccessible`: Telegram refuses it until it says otherwise. */
export type ChannelStatus = 'live' | 'diff' | 'inaccessible';

export interface StoredChannel {
  readonly id: number;
  /** 0: the channel is known, its counter is not yet. */
  readonly pts: number;
  readonly status: ChannelStatus;
  /** Decimal string, of this account only. */
  readonly accessHash?: string;
  /** Highest message id journaled in this channel; the backfill starts after it. */
  readonly lastMsgId: number;
}

/** Telegram's account-wide counters; `date` is in seconds and moves only with a difference. */
export interface CommonCounters {
  readonly pts: number;
  readonly qts: number;
  readonly seq: number;
  readonly date: number;
  /** Highest message id journaled in the common box. */
  readonly lastMsgId: number;
}

export interface StoredState extends CommonCounters {
  readonly channels: readonly StoredChannel[];
  readonly openHoles: readonly Hole[];
  /** Greater than the `ord` of every row of this owner in the journal, also of rows appended without an advance. */
  readonly ord: number;
}

/** From what to what; `from` is what the engine last wrote or loaded, undefined where nothing was stored. */
export interface StateChange {
  readonly common?: { readonly from: CommonCounters | undefined; readonly to: CommonCounters };
  readonly channels: readonly { readonly from: StoredChannel | undefined; readonly to: StoredChannel }[];
  /** Next order number of the owner. */
  readonly ord: number;
}

/**
 * A stretch of a box that Telegram would not replay. It stays open until the backfill has fetched it by id; it is lost, and stays
 * open, when nothing will fetch it: no id to begin at is known (`afterMsgId` 0), nothing proves that what was found is all,
 * Telegram refuses the ids or the channel, or what is missing has no id.
 */
export interface Hole {
  /** `OWNER-BOX-COUNTER-FROM`: the same hole found again after a restart has the same id. */
  readonly _id: string;
  readonly owner: OwnerId;
  readonly box: Box;
  readonly reason: 'too-long' | 'timestamp-invalid' | 'pts-reset' | 'denied' | 'inaccessible' | 'unreadable';
  /** The counter that jumped, and over what: (from, to]. */
  readonly counter: 'pts' | 'qts';
  readonly from: number;
  readonly to: number;
  /** Message ids above this one may be missing; 0: no id was known, so nothing can be fetched. */
  readonly afterMsgId: number;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

/**
 * The engine's store. Every promise resolves when the write is durable (majority). Any rejection but STALE_FENCE is
 * retried by the engine with the same arguments, so each method must bear repetition, also after a lost answer.
 */
export interface UpdateStore {
  /** Called once at the start. Undefined: the account has never run; the engine then asks Telegram for its state. */
  load(owner: OwnerId): Promise<StoredState | undefined>;
  /**
   * Adds rows, at most 200; none: only claims the fence, before `load`. A row whose `_id` exists is skipped and keeps its first `ord`. Rows become durable in the
   * given order: after a crash the journal holds a prefix of them (an ordered bulk of upserts with $setOnInsert).
   * Rejects with GatewayError STALE_FENCE where the stored fence is newer than `fence`.
   */
  append(owner: OwnerId, fence: number, rows: readonly JournalRow[]): Promise<void>;
  /**
   * Compare-and-set, called only after all rows up to `to` are durable. Channels first, then common: the common
   * counters may promise that a channel is marked `diff`. Where `to` is stored already it resolves. Rejects with
   * GatewayError STALE_FENCE where the stored fence is newer or a stored value is neither `from` nor `to`.
   */
  advance(owner: OwnerId, fence: number, change: StateChange): Promise<void>;
  /** Writes the hole, open and not lost; one that stands there already (a crash before the counters moved) is replaced and open again. */
  recordHole(owner: OwnerId, fence: number, hole: Hole): Promise<void>;
  /** Marks a hole as fetched; called after the rows of the backfill are durable, before the counters pass it. Unknown ids are ignored. */
  closeHole(owner: OwnerId, fence: number, id: string, closedAt: number): Promise<void>;
  /** Marks a hole as lost; it stays open. Called after `recordHole`, before the counters pass it. Unknown ids are ignored. */
  loseHole(owner: OwnerId, fence: number, id: string, lostAt: number): Promise<void>;
  /**
   * Zero means proven completeness: counters move only over what Telegram has told (each update is journaled first) or over a jump
   * that it did not replay, and such a jump is written as a hole before the counter passes it.
   */
  countOpenHoles(owner: OwnerId): Promise<number>;
}
