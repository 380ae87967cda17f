/** The world as the update engine sees it; everything that speaks TL stays inside telegram/. */
import type { tl } from '@mtcute/tl';
import type { GatewayError } from '../../domain/errors.js';
import type { TelegramEvent } from '../../domain/event.js';
import type { Box, OwnerId } from '../../domain/ids.js';
import type { Clock } from '../../ports/runtime.js';
import type { Hole, JournalSource, UpdateStore } from '../../ports/updates.js';

/** A channel as the engine knows it; without `accessHash` the api looks in its own peers (bots may use hash 0). */
export interface ChannelRef {
  readonly id: number;
  readonly accessHash?: string;
}

/** Peers that came with an answer. */
export interface WithPeers {
  readonly users: readonly tl.TypeUser[];
  readonly chats: readonly tl.TypeChat[];
}

/**
 * The calls the engine makes itself. They reject with something that `faultOf` can read; a rejection is never final for
 * the engine: it waits, marks a channel inaccessible or stops, by the error's type. Answers must not be handed to
 * `onResult`. Calls have a deadline of their own (the link's).
 */
export interface UpdatesApi {
  getState(): Promise<tl.updates.TypeState>;
  /** `updates.getDifference` without limits. */
  getDifference(from: { pts: number; qts: number; date: number }): Promise<tl.updates.TypeDifference>;
  /** `updates.getChannelDifference`, filter empty, force false. */
  getChannelDifference(
    channel: ChannelRef,
    pts: number,
    limit: number,
  ): Promise<tl.updates.TypeChannelDifference>;
  /** Where a channel stands: `channels.getFullChannel` (bots), or `messages.getPeerDialogs` (accounts: also the top message). */
  getChannelState(channel: ChannelRef): Promise<{ pts: number; topMsgId?: number }>;
  /** `messages.getMessages` (common box) or `channels.getMessages`, at most 100 ids; missing ones come as messageEmpty. */
  getMessages(
    channel: ChannelRef | undefined,
    ids: readonly number[],
  ): Promise<WithPeers & { messages: readonly tl.TypeMessage[] }>;
}

/** Telegram's error as the engine needs it: `FLOOD_WAIT_17` is type `FLOOD_WAIT`, argument 17. */
export interface RpcFault {
  readonly code: number;
  readonly type: string;
  readonly argument?: number;
}

/** Access hashes of this connection. */
export interface PeerBook {
  /** Whether a full (not `min`) access hash of this peer is known. Answers at once, from memory. */
  knows(kind: 'user' | 'chat' | 'channel', id: number): boolean;
  /** Called before the rows that mention these peers are appended; `min` ones included. Repeated after a failure. */
  save(users: readonly tl.TypeUser[], chats: readonly tl.TypeChat[]): Promise<void>;
}

/** What a normaliser may look at besides the update. */
export interface NormaliseContext {
  readonly owner: OwnerId;
  readonly box: Box;
  readonly source: JournalSource;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Seconds; the container's date, where it had one. */
  readonly date?: number;
  /** Peers that came along, by id; others are in the peer book. */
  readonly users: ReadonlyMap<number, tl.TypeUser>;
  readonly chats: ReadonlyMap<number, tl.TypeChat>;
}

/**
 * Pure. `null`: the update counts but nobody needs it. A deletion arrives split, one update per message id; an own
 * send's id as `updateMessageID`; short forms as `updateNewMessage`. What it throws at becomes a hole (`unreadable`), never silence.
 */
export type Normalise = (update: tl.TypeUpdate, context: NormaliseContext) => TelegramEvent | null;

/** What the transport tells besides updates. `undecodable`: something arrived that could not be read. */
export type TransportEvent = 'connected' | 'reconnected' | 'newSession' | 'undecodable' | 'tooLong';

export interface EngineSettings {
  readonly owner: OwnerId;
  /** Of the session's lease; grows with every holder. */
  readonly fence: number;
  /** The account's own user id. */
  readonly self: number;
  readonly bot: boolean;
  /** Another process may use this bot's token: poll often and audit ids. */
  readonly shared: boolean;
  readonly layer: number;
}

/** `opened`: it is being fetched. `lost`: nothing will fetch it. `closed`: it was fetched, or Telegram replayed it after all. */
export type HoleEvent =
  | { readonly type: 'opened'; readonly hole: Hole }
  | { readonly type: 'lost' | 'closed'; readonly id: string };

export interface EnginePorts {
  readonly store: UpdateStore;
  readonly api: UpdatesApi;
  readonly peers: PeerBook;
  readonly clock: Clock;
  /** In [0, 1); for jitter only. */
  readonly random: () => number;
  readonly normalise: Normalise;
  /** TL bytes of an update in `settings.layer`; throws where that layer cannot say it. */
  readonly serialise: (update: tl.TypeUpdate) => Uint8Array;
  /** Telegram's error in a rejection of `api`; undefined for anything else (network, deadline). */
  readonly faultOf: (thrown: unknown) => RpcFault | undefined;
  /** Stop and resume handing updates in: the store does not keep up. Nothing is ever dropped instead. */
  readonly reading: { pause(): void; resume(): void };
  /** Something durable has happened to a hole. */
  readonly onHole: (event: HoleEvent) => void;
  /** Rows are durable and the counters moved: wake ingest. */
  readonly onJournaled: () => void;
  /**
   * The engine has stopped for good: SESSION_DEAD (log in again), STALE_FENCE (another process has the
   * session), INTERNAL (a bug; a new engine may start from what is durable).
   */
  readonly onTerminal: (error: GatewayError) => void;
}

/** The figures an account's health page shows (mtproto.md §5.9); counts since the start. */
export interface EngineHealth {
  readonly differences: number;
  readonly gaps: number;
  readonly undecodable: number;
  /** Updates applied from a difference: what the push did not bring in time. */
  readonly recovered: number;
  /** Rows that wait for the store. */
  readonly unconfirmed: number;
  /** Updates that wait for a missing one. */
  readonly waiting: number;
}

/** One account's updates. Everything is handed in synchronously and in receive order. */
export interface UpdateEngine {
  /** Claims the fence, loads the counters and asks the first difference; rejects where the store fails or the fence is stale. */
  start(): Promise<void>;
  onUpdates(updates: tl.TypeUpdates): void;
  /** The answer of a call of ours, by any caller but the engine: moves the counters, yields `sent-id` rows. */
  onResult(request: tl.RpcMethod, result: unknown): void;
  onEvent(event: TransportEvent): void;
  /**
   * Asks the difference now; resolves when it, and what it led to, is journaled. Throws TELEGRAM_UNREACHABLE after 15 s, or when the
   * engine stops: what is not there then may still come.
   */
  resync(): Promise<void>;
  /** Takes nothing more in and waits until what was applied is durable (or the store refuses once). */
  stop(): Promise<void>;
  health(): EngineHealth;
}
