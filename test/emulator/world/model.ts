import type { Tl } from '../types.js';
import type { Box } from './box.js';
import type { WorldEvent } from './events.js';
import type { StoredFile } from './files.js';

/** Who or what a dialog is with. Users and bots share one number space (from 7000000001), channels start at 2000000001. */
export type Peer = { kind: 'user'; id: number } | { kind: 'channel'; id: number };

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

export interface BotFacts {
  token: string;
  /** With privacy on, a bot that is no admin sees only commands, mentions, replies to itself and service messages. */
  privacy: boolean;
  canJoinGroups: boolean;
  /** By `scope|language`, TL botCommand objects. */
  readonly commands: Map<string, Tl[]>;
  about?: string;
  description?: string;
  menuButton?: Tl;
}

/** One account's relation to a dialog. */
export interface Dialog {
  readonly peer: Peer;
  topId: number;
  readInboxMaxId: number;
  readOutboxMaxId: number;
  unread: number;
}

export type RightName =
  | 'change_info'
  | 'post_messages'
  | 'edit_messages'
  | 'delete_messages'
  | 'ban_users'
  | 'invite_users'
  | 'pin_messages'
  | 'add_admins'
  | 'anonymous'
  | 'manage_call'
  | 'other'
  | 'manage_topics';

/** Admin rights by presence, names as in TL chatAdminRights. */
export type Rights = Partial<Record<RightName, true>>;

export type MemberStatus = 'creator' | 'admin' | 'member' | 'left' | 'kicked';

export interface Member {
  readonly userId: number;
  status: MemberStatus;
  /** Seconds. */
  date: number;
  inviterId: number;
  promotedBy?: number;
  /** Present for creators and admins. */
  rights?: Rights;
  rank?: string;
}

export interface Topic {
  /** Id of the messageActionTopicCreate service message; General is 1. */
  readonly id: number;
  title: string;
  iconColor: number;
  iconEmojiId?: bigint;
  readonly creatorId: number;
  /** Seconds. */
  readonly date: number;
  closed: boolean;
  hidden: boolean;
  pinned: boolean;
  deleted: boolean;
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

export interface Forward {
  from?: Peer;
  fromName?: string;
  date: number;
  channelPost?: number;
}

export interface Reacted {
  /** TL reactionEmoji, reactionCustomEmoji. */
  reactions: Tl[];
  date: number;
  big?: true;
}

export type Media =
  | { kind: 'photo'; file: StoredFile; spoiler?: true }
  | { kind: 'document'; file: StoredFile; spoiler?: true }
  /** Everything that has no file of ours: a finished TL messageMedia… (geo, venue, contact, poll, dice, web page). */
  | { kind: 'plain'; tl: Tl };

export interface CallbackQuery {
  readonly id: bigint;
  readonly botId: number;
  readonly userId: number;
  /** The message as the bot has it (private chat: the bot's copy). */
  readonly message: Message;
  readonly data: Buffer;
  readonly chatInstance: bigint;
}

export interface CallbackAnswer {
  text?: string;
  alert?: boolean;
  url?: string;
  /** Seconds. */
  cacheTime: number;
}
