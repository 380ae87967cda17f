import type { Tl } from '../types.js';
import type { StoredFile } from './files.js';

/** Who or what a dialog is with. Users and bots share one number space (from 7000000001), channels start at 2000000001. */
export type Peer = { kind: 'user'; id: number } | { kind: 'channel'; id: number };

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

export interface CallbackAnswer {
  text?: string;
  alert?: boolean;
  url?: string;
  /** Seconds. */
  cacheTime: number;
}
