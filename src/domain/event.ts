/** What Telegram told one of our sessions, normalised. The journal keeps these; `route` decides what each one means. */

import type { Content } from './content.js';
import type { Box, OwnerId, Peer } from './ids.js';

interface Seen {
  /** The session that saw it. */
  readonly owner: OwnerId;
  readonly box: Box;
}

/** A message new to the session: incoming, or outgoing by whoever else holds the account (`out`). */
export interface MessageEvent extends Seen {
  readonly kind: 'message';
  /** The dialog: the other person of a private chat, else the group or channel. */
  readonly peer: Peer;
  readonly msgId: number;
  readonly out: boolean;
  /** Who wrote it; an anonymous administrator writes as the group itself. */
  readonly author: Peer;
  readonly authorIsBot: boolean;
  /** Unix seconds, Telegram's clock. */
  readonly date: number;
  /** The forum topic it stands in; absent outside forums, 1 is General. */
  readonly topic?: number;
  readonly groupedId?: string;
  /** The message it answers, same box. */
  readonly replyTo?: number;
  readonly content: Content;
  /** Set for service messages ("joined", "pinned", "topic-created"): never sent to a client. */
  readonly service?: string;
}

/** A send of ours got its message id: from `updateMessageID` in a difference, or from the result of the call. */
export interface SentEvent extends Seen {
  readonly kind: 'sent';
  readonly randomId: string;
  readonly msgId: number;
}

/** A message changed; content is its newest state. */
export interface EditedEvent extends Seen {
  readonly kind: 'edited';
  readonly peer: Peer;
  readonly msgId: number;
  readonly editDate: number;
  readonly content: Content;
}

/** Messages vanished; private deletions name no peer, their ids are unique in the box. */
export interface DeletedEvent extends Seen {
  readonly kind: 'deleted';
  readonly msgIds: readonly number[];
}

export type TelegramEvent = MessageEvent | SentEvent | EditedEvent | DeletedEvent;
