/** What the flows ask of Telegram; telegram/ implements it. Everything here may be repeated with the same random ids. */

import type { Content } from '../domain/content.js';
import type { OwnerId, Peer } from '../domain/ids.js';

/** One message to send; several make an album. */
export interface OutgoingPart {
  readonly content: Content;
  /** Decimal, signed 64-bit. */
  readonly randomId: string;
  /** Where the content's file can be read again when its reference has expired. */
  readonly source?: { readonly owner: OwnerId; readonly peer: Peer; readonly msgId: number };
}

export interface SendOrder {
  /** The session that sends. */
  readonly owner: OwnerId;
  readonly peer: Peer;
  /** Topic of a forum; the General topic is never written to. */
  readonly topic?: number;
  readonly replyTo?: number;
  readonly parts: readonly OutgoingPart[];
}

/** Messages and topics. */
export interface Sender {
  /**
   * Sends one message or album; answers the message ids in order.
   * Throws GatewayError: ALREADY_SENT when a random id was used before (the ids follow as `sent` events after `resync`),
   * ANSWER_LOST when the call may or may not have been executed, FLOOD_WAIT with the seconds as detail, TOPIC_GONE,
   * CLIENT_BLOCKED, PEER_UNKNOWN, CONTENT_UNSUPPORTED, GROUP_RIGHTS, SESSION_DEAD, TELEGRAM_REFUSED.
   */
  send(order: SendOrder): Promise<number[]>;
  /** Makes a forum topic and answers its id; errors as above. */
  createTopic(order: {
    owner: OwnerId;
    group: Peer;
    title: string;
    randomId: string;
    iconColor?: number;
  }): Promise<number>;
  /** Sets one reaction of ours on a message; an empty emoji clears it. */
  react(order: { owner: OwnerId; peer: Peer; msgId: number; emoji: string }): Promise<void>;
  /** Asks Telegram for the difference now: lost ids of our own sends come back as events. */
  resync(owner: OwnerId): Promise<void>;
}

/** What a backend group must have; checked at login and by `doctor`. */
export interface GroupCheck {
  /** Throws GROUP_UNKNOWN, GROUP_NOT_FORUM or GROUP_RIGHTS; answers the group's title. */
  checkGroup(owner: OwnerId, group: Peer): Promise<string>;
}
