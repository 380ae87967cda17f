import type { Tl } from '../types.js';
import type { BotFacts, Dialog, Forward, Media, Member, Peer, Reacted, Topic } from './facts.js';

export type * from './facts.js';

/** A person or a bot: everything that can log in and has a common box. */
export interface Account {
  readonly id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  /** Digits only, no plus. Bots have none. */
  phone?: string;
  langCode?: string;
  premium?: true;
  /** The data centre where the account lives; logging in elsewhere answers PHONE_MIGRATE_X or USER_MIGRATE_X. */
  readonly dc: number;
  /** Two-step verification in clear: this is a test world. */
  password?: string;
  readonly bot?: BotFacts;
  /** Private chats: one id space and one pts for all of them. */
  readonly box: Box;
  /** Secondary sequence; only bots get events on it. */
  qts: number;
  readonly qtsLog: QtsEntry[];
  /** By peer key (`user:1`, `channel:1`). */
  readonly dialogs: Map<string, Dialog>;
  /** Accounts that this one has blocked (for a bot: stopped). */
  readonly blocked: Set<number>;
  /** Every random_id the account has used, and what came of it. */
  readonly sent: Map<bigint, { box: Box; id: number }>;
}

export interface QtsEntry {
  qts: number;
  event: WorldEvent;
}

/** A supergroup (maybe a forum) or a broadcast channel. */
export interface Channel {
  readonly id: number;
  title: string;
  about: string;
  username?: string;
  readonly broadcast: boolean;
  forum: boolean;
  /** Seconds. */
  readonly date: number;
  readonly creatorId: number;
  readonly box: Box;
  readonly members: Map<number, Member>;
  /** Deleted topics stay, marked. */
  readonly topics: Map<number, Topic>;
  /** Answers CHANNEL_PRIVATE to everybody from then on. */
  deleted: boolean;
}

/** The place of a message in one box. The two sides of a private message are two of these around one body. */
export interface Message {
  readonly id: number;
  readonly box: Box;
  /** The dialog as the owner of the box sees it: the other user, or the channel. */
  readonly peer: Peer;
  readonly body: Body;
}

export interface Body {
  /** Who is shown as the author: a user, or the channel itself (anonymous admin, channel post). */
  readonly from: Peer;
  /** The account that wrote it, and whether that is a bot. */
  readonly authorId: number;
  readonly byBot: boolean;
  /** Written in a broadcast channel: shown without an author. */
  readonly post?: true;
  /** Seconds. */
  date: number;
  text: string;
  /** TL messageEntity… objects, the automatic ones included. */
  entities: Tl[];
  media?: Media;
  /** TL replyInlineMarkup, replyKeyboardMarkup … as given. */
  markup?: Tl;
  /** TL messageAction…: present makes it a service message. */
  action?: Tl;
  /** Forum topic; absent in General and outside forums. */
  topic?: number;
  reply?: Reply;
  forward?: Forward;
  groupedId?: bigint;
  /** Seconds. */
  editDate?: number;
  /** The edit changed only the keyboard: clients show no "edited". */
  editHide?: true;
  pinned: boolean;
  silent?: true;
  noforwards?: true;
  invertMedia?: true;
  /** Reactions by user id. */
  readonly reactions: Map<number, Reacted>;
  readonly randomId?: bigint;
  /** Where the body stands, and under which id. Empty once deleted everywhere. */
  readonly copies: Map<Box, number>;
}

export interface Reply {
  /** The message replied to; its id depends on the box. */
  to: Body;
  /** Box and id at the time of the reply: what the header shows when the body has no copy in the viewer's box. */
  origin: { peer: Peer; id: number };
  quote?: { text: string; entities?: Tl[]; offset?: number };
}

export interface CallbackQuery {
  readonly id: bigint;
  readonly botId: number;
  readonly userId: number;
  /** The message as the bot has it (private chat: the bot's copy). */
  readonly message: Message;
  readonly data: Buffer;
  readonly chatInstance: bigint;
}

/**
 * A message id space with its pts sequence and its log: the common box of an account (all private chats) or the box
 * of one channel.
 */
export interface Box {
  readonly owner: { kind: 'user'; id: number } | { kind: 'channel'; id: number };
  readonly pts: number;
  /** When the last event came, in seconds. */
  readonly changedAt: number;
  /** The id that the last message got. */
  readonly lastId: number;
  readonly messages: ReadonlyMap<number, Message>;
  /** Every event in order; a difference reads it from any pts. */
  readonly log: readonly Sequenced[];
  takeId(): number;
  /** The id will never be given to a message. */
  reserve(id: number): void;
  add(message: Message): void;
  remove(message: Message): void;
  /** Gives the event the next place in the sequence and writes it down; `now` in seconds. */
  append(event: Unplaced, now: number): Sequenced;
  /** Events after `pts`, oldest first. */
  since(pts: number): Sequenced[];
}

/**
 * What happened, as one account learns it. Events with `pts` belong to the sequence of their box (the account's
 * common box or the channel's), those with `qts` to the account's secondary one, the rest to none.
 */
export type WorldEvent =
  /** `message.body.randomId` is shown to the author only, as updateMessageID. */
  | { kind: 'message'; message: Message; pts: number; count: number }
  | { kind: 'edit'; message: Message; pts: number; count: number }
  /** In private chats the update names no peer; `messages` are the removed places for whoever still needs them. */
  | { kind: 'delete'; channel?: Channel; messages: Message[]; pts: number; count: number }
  | { kind: 'read-inbox'; peer: Peer; maxId: number; unread: number; pts: number; count: number }
  | { kind: 'read-outbox'; peer: Peer; maxId: number; pts: number; count: number }
  | { kind: 'pins'; peer: Peer; ids: number[]; pinned: boolean; pts: number; count: number }
  /** To people: the reactions as they stand now. No sequence: a missed one is lost. */
  | { kind: 'reactions'; message: Message }
  /** To bots (in groups: admins), on qts. */
  | {
      kind: 'bot-reaction';
      message: Message;
      actorId: number;
      before: Tl[];
      after: Tl[];
      date: number;
      qts: number;
    }
  /** To bots: somebody's membership (also their own) changed; on qts. */
  | {
      kind: 'member';
      channel: Channel;
      actorId: number;
      userId: number;
      before?: Member;
      after?: Member;
      date: number;
      qts: number;
    }
  /** To bots: a person stopped or restarted the bot; on qts. */
  | { kind: 'stopped'; userId: number; stopped: boolean; date: number; qts: number }
  | { kind: 'callback'; query: CallbackQuery }
  | { kind: 'typing'; peer: Peer; fromId: number; action: Tl; topic?: number }
  /** The account's own relation to the channel changed (joined, left, rights, forum flag, title). */
  | { kind: 'channel'; channel: Channel }
  | { kind: 'topic-pinned'; channel: Channel; topicId: number; pinned: boolean }
  /** The account blocked or unblocked a user, told to its own sessions. */
  | { kind: 'blocked'; userId: number; blocked: boolean }
  /** A user's name or username changed. */
  | { kind: 'renamed'; userId: number };

/** An event that has a place in a box's sequence. */
export type Sequenced = Extract<WorldEvent, { pts: number }>;

type Without<E, Key extends string> = E extends unknown ? Omit<E, Key> : never;

/** A sequenced event before it has its place. */
export type Unplaced = Without<Sequenced, 'pts'>;
