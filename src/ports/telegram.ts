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
  /** Topic of a forum; without one the message stands in General, or in a group that has no topics. */
  readonly topic?: number;
  readonly replyTo?: number;
  readonly parts: readonly OutgoingPart[];
}

/** A topic, and the session that looks after it. */
export interface TopicPlace {
  readonly owner: OwnerId;
  readonly group: Peer;
  readonly topic: number;
}

/** Messages and topics. */
export interface Sender {
  /**
   * Sends one message or album; answers the message ids in order.
   * Throws GatewayError: ALREADY_SENT when a random id was used before and nothing is left to send (the ids follow as `sent` events
   * after `resync`),
   * ANSWER_LOST when the call may or may not have been executed, FLOOD_WAIT with the seconds as detail, TOPIC_GONE, TOPIC_CLOSED,
   * POST_MISPLACED when Telegram has put messages (their ids are the detail, `1, 2`) elsewhere than into the topic,
   * CLIENT_BLOCKED, PEER_UNKNOWN, CONTENT_UNSUPPORTED and TELEGRAM_REFUSED (`parts` says which ones: one of an album, or all that went
   * together; none of these was sent), GROUP_RIGHTS, GROUP_UNKNOWN, SESSION_DEAD.
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
  /** Whether the topic is there. Throws GROUP_NOT_FORUM where the group has no topics at all, and as above. */
  hasTopic(place: TopicPlace): Promise<boolean>;
  /** Which of these messages of our own stand elsewhere than in the topic; one that is gone stands nowhere. Errors as above. */
  misplaced(posts: TopicPlace & { readonly msgIds: readonly number[] }): Promise<number[]>;
  /** Opens a closed topic; does nothing where it is open. Errors as above. */
  reopenTopic(place: TopicPlace): Promise<void>;
  /** Deletes messages of our own in a group. Errors as above. */
  erase(order: { owner: OwnerId; group: Peer; msgIds: readonly number[] }): Promise<void>;
  /** Sets one reaction of ours on a message; an empty emoji clears it. */
  react(order: { owner: OwnerId; peer: Peer; msgId: number; emoji: string }): Promise<void>;
  /**
   * Asks Telegram for the difference now: lost ids of our own sends come back as events, and all of them are journaled when it resolves.
   * Throws TELEGRAM_UNREACHABLE where not everything was told within 15 s, and as above.
   */
  resync(owner: OwnerId): Promise<void>;
}

/** What a backend group must have; checked at login and by `doctor`. */
export interface GroupCheck {
  /** Throws GROUP_UNKNOWN, GROUP_NOT_FORUM or GROUP_RIGHTS; answers the group's title. */
  checkGroup(owner: OwnerId, group: Peer): Promise<string>;
}
