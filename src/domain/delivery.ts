/**
 * A delivery: one thing to send, durable before it is tried. The row is the truth, the queue only wakes a worker.
 * queued → sending → sent | failed; `unknown` is a send whose answer was lost and which is repeated under the same random ids.
 */

import type { Content } from './content.js';
import type { ConnectionId, DialogId, Box, OwnerId, Peer } from './ids.js';

export type DeliveryKind =
  /** a client's or the primary's message → the topic */
  | 'mirror'
  /** an operator's message → the client */
  | 'answer'
  /** a sentence of ours → the topic (who the client is, why an answer failed) */
  | 'notice'
  /** 👌 on the operator's message */
  | 'mark'
  /** a sentence of ours → General, or under the message that it answers; else its dialog is the connection's with the group itself */
  | 'alert';

export type DeliveryState = 'queued' | 'sending' | 'unknown' | 'sent' | 'failed';

/** One message of the delivery: an album has several, everything else one. */
export interface DeliveryPart {
  /** The message that it copies, in the source session's box; 0 for sentences of our own. */
  readonly msgId: number;
  /** Unix seconds of the source message. */
  readonly date: number;
  readonly content: Content;
  /** Why its medium cannot be carried: it is shown by name. The medium stays, so that the posts and their random ids do. */
  readonly uncarried?: string;
}

export interface Delivery {
  /** Derived from the journal key and kind: routing a row again makes no second one. */
  readonly id: string;
  readonly kind: DeliveryKind;
  /** Strict order inside a lane, none across lanes. */
  readonly lane: string;
  /** Ascending within the lane; the journal's `ord` of the source. */
  readonly order: number;
  readonly state: DeliveryState;
  readonly connection: ConnectionId;
  readonly dialog: DialogId;
  readonly group: Peer;
  readonly side: 'in' | 'intercepted' | 'operator' | 'system';
  /** The session that saw the source message and can read its files. */
  readonly source: OwnerId;
  readonly sourcePeer: Peer;
  readonly sourceBox: Box;
  /** The source-side message that the source message answers. */
  readonly replyTo?: number;
  readonly groupedId?: string;
  readonly parts: readonly DeliveryPart[];
  /** Random ids already given to Telegram or about to be, one per message sent; stored before the call. */
  readonly randomIds: readonly string[];
  /** How often its random ids were given up for new ones, because Telegram had put the messages in a wrong place. */
  readonly reissued?: number;
  /** Message ids at the target, by position in randomIds, as far as known; `untold` where the message is there and Telegram never said. */
  readonly sentIds: readonly (number | null)[];
  /** Unix ms before which nobody tries: album window, flood wait, backoff. */
  readonly notBefore: number;
  /** Who is sending now; after `until` (unix ms) anybody may take over. */
  readonly claim?: { readonly by: string; readonly until: number };
  readonly attempts: number;
  /** How often Telegram's record was looked through for the id of a message, or topic, of this row that it has already. */
  readonly looks?: number;
  readonly error?: string;
  /** Unix ms. */
  readonly createdAt: number;
}

/** Stands for the id of a message that Telegram has and never told. */
export const untold = 0;

export const finalStates: readonly DeliveryState[] = ['sent', 'failed'];
