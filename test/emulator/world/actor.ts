import type { Tl } from '../types.js';
import type { WorldEvent } from './events.js';
import type {
  Account,
  CallbackAnswer,
  CallbackQuery,
  Channel,
  Media,
  Member,
  Message,
  Peer,
  Rights,
  Topic,
} from './model.js';

/** What somebody is about to send. */
export interface Draft {
  text?: string;
  /** TL entities; the automatic ones (commands, mentions, links …) are added. */
  entities?: Tl[];
  media?: Media;
  /** `peer` when the replied message is in another chat. `quote.text` must be an exact part of its text. */
  replyTo?: { id: number; peer?: Peer; quote?: { text: string; entities?: Tl[]; offset?: number } };
  /** Forum topic; without it the replied message's topic, else General. */
  topic?: number;
  markup?: Tl;
  silent?: boolean;
  noforwards?: boolean;
  invertMedia?: boolean;
  /** A repeated one throws RANDOM_ID_DUPLICATE. The Bot API has none. */
  randomId?: bigint;
}

export interface Change {
  text?: string;
  entities?: Tl[];
  media?: Media;
  /** `null` takes the keyboard away. */
  markup?: Tl | null;
}

export interface ForwardOptions {
  dropAuthor?: boolean;
  dropCaptions?: boolean;
  topic?: number;
  replyTo?: Draft['replyTo'];
  silent?: boolean;
  noforwards?: boolean;
  /** One per message. */
  randomIds?: bigint[];
}

export interface TopicDraft {
  title: string;
  iconColor?: number;
  iconEmojiId?: bigint;
  randomId?: bigint;
}

export interface TopicChange {
  title?: string;
  iconEmojiId?: bigint;
  closed?: boolean;
  /** General only. */
  hidden?: boolean;
}

/**
 * One account acting: by an MTProto session, the Bot API or a test's hand. Every operation checks what Telegram
 * checks and throws RpcError by Telegram's own names (FLOOD_WAIT_X too), changes the world at once, and tells all
 * listeners before it returns. Ids are those of the actor's own view (its common box, or the channel).
 */
export interface Actor {
  readonly self: Account;
  /** What the operations so far meant for the actor's own account: the material of the RPC answer. */
  readonly own: readonly WorldEvent[];

  send(to: Peer, draft: Draft): Message;
  /** 2 to 10 photos/videos, or documents, or audios, under one grouped id. */
  sendAlbum(to: Peer, drafts: Draft[]): Message[];
  forward(from: Peer, ids: number[], to: Peer, options?: ForwardOptions): Message[];
  /** Bot API copyMessage: as new, `change` replaces the caption or the keyboard. */
  copy(from: Peer, id: number, to: Peer, draft?: Draft): Message;
  edit(peer: Peer, id: number, change: Change): Message;
  /** In private chats `revoke` (default) removes both sides. Returns how many were removed, with the box's new pts. */
  delete(peer: Peer | undefined, ids: number[], revoke?: boolean): { pts: number; count: number };
  /** An empty list takes the reaction back. */
  react(peer: Peer, id: number, reactions: Tl[], big?: boolean): Message;
  pin(peer: Peer, id: number, options?: { unpin?: boolean; silent?: boolean }): void;
  unpinAll(peer: Peer, topic?: number): { pts: number; count: number };
  read(peer: Peer, maxId: number): { pts: number; count: number };
  typing(peer: Peer, action?: Tl, topic?: number): void;

  createTopic(channelId: number, draft: TopicDraft): Topic;
  editTopic(channelId: number, topicId: number, change: TopicChange): Topic;
  deleteTopic(channelId: number, topicId: number): { pts: number; count: number };
  pinTopic(channelId: number, topicId: number, pinned: boolean): void;

  /** A person presses an inline button; the bot sees a callback event. Answered by `answerCallback`. */
  press(peer: Peer, id: number, data: Buffer): CallbackQuery;
  answerCallback(queryId: bigint, answer: CallbackAnswer): void;

  createChannel(draft: { title: string; about?: string; broadcast?: boolean; forum?: boolean }): Channel;
  invite(channelId: number, userIds: number[]): Channel;
  join(channelId: number): Channel;
  leave(channelId: number): Channel;
  kick(channelId: number, userId: number): Channel;
  /** Empty rights demote. */
  promote(channelId: number, userId: number, rights: Rights, rank?: string): Channel;
  toggleForum(channelId: number, enabled: boolean): Channel;
  rename(channelId: number, title: string): Channel;
  deleteChannel(channelId: number): void;
  member(channelId: number, userId: number): Member;

  block(userId: number, blocked?: boolean): void;
  /** Changes the own name; people who talk with the account hear of it. */
  introduce(names: { firstName?: string; lastName?: string; username?: string }): void;
}
