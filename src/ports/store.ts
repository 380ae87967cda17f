/** What the flows and sessions keep durably. Every write is acknowledged by a majority before its promise resolves. */

import type { Connection, ConnectionState } from '../domain/connection.js';
import type { Delivery, DeliveryPart } from '../domain/delivery.js';
import type { Dialog, Profile } from '../domain/dialog.js';
import type { TelegramEvent } from '../domain/event.js';
import type { Box, ConnectionId, DialogId, OwnerId, Peer } from '../domain/ids.js';
import type { MessageLink } from '../domain/link.js';

export interface Connections {
  get(id: ConnectionId): Promise<Connection | undefined>;
  list(): Promise<Connection[]>;
  /** Inserts or replaces the row: logging in again keeps the id. */
  put(connection: Connection): Promise<void>;
  setState(id: ConnectionId, state: ConnectionState, since: number, reason?: string): Promise<void>;
  remove(id: ConnectionId): Promise<void>;
}

/** Auth keys at rest: the text is sealed by the caller (runtime/keyring), the store never sees a key. */
export interface Sessions {
  load(owner: OwnerId): Promise<string | undefined>;
  save(owner: OwnerId, sealed: string): Promise<void>;
  remove(owner: OwnerId): Promise<void>;
}

/** Exclusive rights in time. A fence only grows: whoever holds a smaller one has lost. */
export interface Leases {
  /**
   * Takes a free or expired lease; undefined while somebody else holds it. Taking again as the same holder renews it; every
   * taking has a higher fence. `abandonedAt` (unix ms) is when it ran out under another holder who never released it: that one may
   * be frozen and not yet gone.
   */
  take(
    name: string,
    holder: string,
    ttlMs: number,
    now: number,
  ): Promise<{ fence: number; until: number; abandonedAt?: number } | undefined>;
  /** False when the lease was lost: the holder must stop at once. */
  renew(name: string, holder: string, fence: number, ttlMs: number, now: number): Promise<boolean>;
  release(name: string, holder: string, fence: number): Promise<void>;
  /** Names with this beginning that somebody holds beyond this time. */
  living(prefix: string, now: number): Promise<string[]>;
}

/** One journal row as the router sees it. */
export interface JournaledEvent {
  readonly id: string;
  readonly owner: OwnerId;
  readonly ord: number;
  readonly event: TelegramEvent;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** The router's side of the journal; appending is the update engine's (ports/updates.ts). */
export interface Journal {
  /** Rows without `routedAt`, ascending by ord, after the given ord. */
  unrouted(owner: OwnerId, afterOrd: number, limit: number): Promise<JournaledEvent[]>;
  /** Marks rows routed and drops their contents (event body and TL bytes): from here on the deliveries are the truth. */
  markRouted(ids: readonly string[], at: number): Promise<void>;
  /** Owners that have unrouted rows: found again at start and every few seconds. */
  ownersWithUnrouted(): Promise<OwnerId[]>;
  /** The message id that Telegram told this session for a random id of its own, routed or not. */
  sentId(owner: OwnerId, randomId: string): Promise<number | undefined>;
}

/** A peer as one session may address it. */
export interface KnownPeer extends Profile {
  /** Decimal; valid only for the session that saw it. */
  readonly accessHash?: string;
  /** Seen only in a shortened form whose hash may not be used for sending. */
  readonly min?: boolean;
}

export interface Peers {
  /** Upserts; a min peer never overwrites a full one's hash. */
  save(owner: OwnerId, peers: readonly KnownPeer[]): Promise<void>;
  get(owner: OwnerId, peer: Peer): Promise<KnownPeer | undefined>;
}

export interface Dialogs {
  get(id: DialogId): Promise<Dialog | undefined>;
  /** Inserts unless it is there; answers the stored row either way. */
  ensure(dialog: Dialog): Promise<Dialog>;
  /** none → creating by compare-and-set; answers the stored row, whoever won. */
  claimTopic(id: DialogId, randomId: string): Promise<Dialog>;
  /** creating under another random id, where nothing will be heard of the first. */
  reclaimTopic(id: DialogId, former: string, randomId: string): Promise<void>;
  /** creating → open, only for the same random id; answers the stored row. */
  openTopic(id: DialogId, randomId: string, topic: number): Promise<Dialog>;
  /** This topic was deleted in the group: the next message makes a new one. Another topic changes nothing. */
  forgetTopic(id: DialogId, group: Peer, topic: number): Promise<void>;
  /**
   * To another group: the topic it had there before, or none; the present one becomes a former place. By compare-and-set on group and
   * topic: changes nothing once either has changed since it was read.
   */
  move(dialog: Dialog, group: Peer): Promise<void>;
  /**
   * Also by a former topic: a message may be routed after the deletion of its topic, or be written in a group that the dialog has left
   * (`group` of the answer is another one then).
   */
  byTopic(group: Peer, topic: number): Promise<Dialog | undefined>;
  /** The dialogs whose topics are being made under these random ids (a lost answer of createForumTopic comes back so). */
  byTopicRandomIds(randomIds: readonly string[]): Promise<ReadonlyMap<string, Dialog>>;
}

export interface Links {
  /** Inserts unless (connection, box, msgId, part) is there already. */
  put(link: MessageLink): Promise<void>;
  /** The lowest part of a client-side message. */
  byMessage(connection: ConnectionId, box: Box, msgId: number): Promise<MessageLink | undefined>;
  byPost(group: Peer, postId: number): Promise<MessageLink | undefined>;
}

/** A row as its claim answered it: `attempts` is the claim's fence. */
export type Claimed = Pick<Delivery, 'id' | 'attempts'>;

export interface Deliveries {
  /** Inserts rows whose ids are new; the rest is left as it is. */
  add(rows: readonly Delivery[]): Promise<void>;
  get(id: string): Promise<Delivery | undefined>;
  /** Appends a part to an album row that nobody has begun to send; false if it has begun. True also when the msgId is there already. */
  addPart(id: string, part: DeliveryPart, notBefore: number): Promise<boolean>;
  /** The first row of a lane that is not final. */
  head(lane: string): Promise<Delivery | undefined>;
  /**
   * Takes a row for sending by compare-and-set on its state, claim and parts; undefined if it changed since it was read.
   * Counts the attempt. Random ids are stored here, before the call.
   */
  claim(
    row: Delivery,
    claim: { by: string; until: number; now: number },
    randomIds: readonly string[],
  ): Promise<Delivery | undefined>;
  /** Prolongs the claim of whoever has it. */
  renewClaim(id: string, by: string, until: number): Promise<void>;
  /** Ends every claim: only where no other process can be at work on these rows. */
  releaseClaims(): Promise<void>;
  /** A message id became known, in whatever state the row is; repeating is harmless. Does nothing once the random id was given up. */
  recordSent(id: string, position: number, randomId: string, msgId: number): Promise<void>;
  /** Counts one look at Telegram's record. Changes nothing once the row was claimed again. */
  look(claimed: Claimed): Promise<void>;
  /**
   * Telegram never told the ids at these positions: they are `untold` from now on, and looks are counted anew. Changes nothing once the
   * row was claimed again.
   */
  stopLooking(claimed: Claimed, positions: readonly number[]): Promise<void>;
  /** These messages do not count: the next claim takes new random ids. Changes nothing, and answers false, once the row was claimed again. */
  reissue(claimed: Claimed, msgIds: readonly number[]): Promise<boolean>;
  /**
   * Sends the row in another group, or as another kind, and as a whole: what was sent so far does not count, and the next claim takes
   * new random ids. Changes nothing once the row was claimed again.
   */
  redirect(claimed: Claimed, to: Partial<Pick<Delivery, 'group' | 'kind'>>): Promise<void>;
  /** Other contents of the same parts. Changes nothing once the row was claimed again. */
  rewrite(claimed: Claimed, parts: readonly DeliveryPart[]): Promise<void>;
  /** Rows that wait with one of these errors, of this group or connection or all, are due now; false if there are none. */
  retryNow(whose: { group?: Peer; connection?: ConnectionId }, errors: readonly string[]): Promise<boolean>;
  /** The open rows that hold these random ids, and the position there. */
  byRandomIds(
    randomIds: readonly string[],
  ): Promise<ReadonlyMap<string, { delivery: Delivery; position: number }>>;
  /** Final: sent or failed; contents of the parts are erased. Changes nothing once the row was claimed again. */
  finish(row: Delivery, state: 'sent' | 'failed', error?: string): Promise<void>;
  /** Back to the queue, or `unknown` when the answer was lost; never before `notBefore`. Changes nothing once the row was claimed again. */
  postpone(claimed: Claimed, state: 'queued' | 'unknown', notBefore: number, error?: string): Promise<void>;
  /**
   * Whether a send to this peer may be under way, or Telegram has told this very message of one that counts as refused: an `out`
   * message there is held until that is known.
   */
  outstanding(connection: ConnectionId, peer: Peer, msgId: number): Promise<boolean>;
  /** Until when Telegram has asked the posts of this group to wait, by the rows that do; unix ms, 0 where nothing waits. */
  floodedUntil(group: Peer, now: number): Promise<number>;
  /** The first open row of every lane behind `after`, by lane: found again at start and every few seconds, so that a lost wake-up loses nothing. */
  openLanes(after: string, limit: number): Promise<{ id: string; lane: string; notBefore: number }[]>;
}

/** All repositories over one database. */
export interface Store {
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly journal: Journal;
  readonly peers: Peers;
  readonly dialogs: Dialogs;
  readonly links: Links;
  readonly deliveries: Deliveries;
}
