import type { Tl } from '../types.js';
import type { CallbackQuery, Channel, Member, Message, Peer } from './model.js';

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

/** All that one operation means for one account, in order; a listener sends it as one container. */
export interface Delivery {
  accountId: number;
  events: WorldEvent[];
  /** What was passed to `actAs`: the session that acted and gets its part as the answer instead. */
  origin?: object;
}

export type Listener = (delivery: Delivery) => void;
