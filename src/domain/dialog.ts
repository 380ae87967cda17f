/** A dialog: one peer of one connection, tied to exactly one topic of the backend group. */

import type { ConnectionId, DialogId, Peer } from './ids.js';

/** `creating` is written before Telegram is asked, with the random id that makes asking again harmless. */
export type TopicState =
  | { readonly state: 'none' }
  | { readonly state: 'creating'; readonly randomId: string }
  | { readonly state: 'open'; readonly randomId: string; readonly id: number };

export interface Dialog {
  readonly id: DialogId;
  readonly connection: ConnectionId;
  readonly peer: Peer;
  readonly group: Peer;
  readonly topic: TopicState;
  /** Topics that were deleted: what an operator wrote there just before is still this dialog's. */
  readonly formerTopics?: readonly number[];
  /** Unix ms. */
  readonly createdAt: number;
}

/** What we know of a person or chat, as one session saw it. */
export interface Profile {
  readonly peer: Peer;
  readonly name: string;
  readonly username?: string;
  readonly language?: string;
  readonly premium?: boolean;
  readonly bot?: boolean;
}
