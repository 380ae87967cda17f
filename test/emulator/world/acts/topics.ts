import { RpcError, type Tl } from '../../types.js';
import type { TopicChange, TopicDraft } from '../actor.js';
import type { Channel, Topic } from '../model.js';
import { channelPeer, meter, placeOf, type Place } from '../place.js';
import { may, requireRight } from '../rights.js';
import type { Turn } from '../turn.js';
import { removeFromChannel, type Affected } from './erase.js';
import { post } from './post.js';

const DEFAULT_COLOR = 0x6fb9f0;
const TITLE_MAX = 128;

/** The topic's id is that of its service message. A repeated randomId throws RANDOM_ID_DUPLICATE. */
export function createTopic(turn: Turn, channelId: number, draft: TopicDraft): Topic {
  const { randomId } = draft;
  if (randomId !== undefined && turn.self.sent.has(randomId)) throw new RpcError(500, 'RANDOM_ID_DUPLICATE');
  const place = forum(turn, channelId);
  requireRight(place.channel, turn.self, 'manage_topics');
  requireTitle(draft.title);
  meter(turn, place);
  const iconColor = draft.iconColor ?? DEFAULT_COLOR;
  const icon = draft.iconEmojiId === undefined ? {} : { icon_emoji_id: draft.iconEmojiId };
  const message = post(turn, place, {
    action: { _: 'messageActionTopicCreate', title: draft.title, icon_color: iconColor, ...icon },
    ...(randomId === undefined ? {} : { randomId }),
  });
  message.body.topic = message.id;
  if (randomId !== undefined) turn.self.sent.set(randomId, { box: message.box, id: message.id });
  const topic: Topic = {
    id: message.id,
    title: draft.title,
    iconColor,
    creatorId: turn.self.id,
    date: message.body.date,
    closed: false,
    hidden: false,
    pinned: false,
    deleted: false,
    ...(draft.iconEmojiId === undefined ? {} : { iconEmojiId: draft.iconEmojiId }),
  };
  place.channel.topics.set(topic.id, topic);
  return topic;
}

export function editTopic(turn: Turn, channelId: number, topicId: number, change: TopicChange): Topic {
  const place = forum(turn, channelId);
  const topic = topicAt(place.channel, topicId);
  requireManager(turn, place.channel, topic);
  if (change.title !== undefined) requireTitle(change.title);
  const action = applied(topic, change);
  if (Object.keys(action).length === 1) throw new RpcError(400, 'TOPIC_NOT_MODIFIED');
  meter(turn, place);
  topic.title = change.title ?? topic.title;
  topic.closed = change.closed ?? topic.closed;
  topic.hidden = change.hidden ?? topic.hidden;
  if (change.iconEmojiId !== undefined) topic.iconEmojiId = change.iconEmojiId;
  post(turn, place, { action, ...(topicId === 1 ? {} : { topic: topicId }) });
  return topic;
}

/** Removes every message of the topic and the topic itself; General can't go. */
export function deleteTopic(turn: Turn, channelId: number, topicId: number): Affected {
  const place = forum(turn, channelId);
  const topic = topicAt(place.channel, topicId);
  if (topicId === 1) throw new RpcError(400, 'TOPIC_ID_INVALID');
  requireRight(place.channel, turn.self, 'delete_messages');
  topic.deleted = true;
  const messages = [...place.box.messages.values()].filter(({ body }) => body.topic === topicId);
  return removeFromChannel(turn, place.channel, messages);
}

export function pinTopic(turn: Turn, channelId: number, topicId: number, pinned: boolean): void {
  const { channel } = forum(turn, channelId);
  const topic = topicAt(channel, topicId);
  requireRight(channel, turn.self, 'manage_topics');
  if (topic.pinned === pinned) throw new RpcError(400, 'PINNED_TOPIC_NOT_MODIFIED');
  topic.pinned = pinned;
  for (const account of turn.members(channel)) {
    if (!account.bot) turn.tell(account.id, { kind: 'topic-pinned', channel, topicId, pinned });
  }
}

function forum(turn: Turn, channelId: number): Extract<Place, { kind: 'channel' }> {
  const place = placeOf(turn, channelPeer(channelId));
  if (place.kind !== 'channel' || !place.channel.forum) throw new RpcError(400, 'CHANNEL_FORUM_MISSING');
  return place;
}

/** Throws TOPIC_ID_INVALID, or TOPIC_DELETED for one that was there. */
function topicAt(channel: Channel, topicId: number): Topic {
  const topic = channel.topics.get(topicId);
  if (!topic) throw new RpcError(400, 'TOPIC_ID_INVALID');
  if (topic.deleted) throw new RpcError(400, 'TOPIC_DELETED');
  return topic;
}

function requireManager(turn: Turn, channel: Channel, topic: Topic): void {
  const own = topic.creatorId === turn.self.id && topic.id !== 1;
  if (!own && !may(channel, turn.self.id, 'manage_topics')) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
}

function requireTitle(title: string): void {
  if (title.trim() === '' || title.length > TITLE_MAX) throw new RpcError(400, 'TOPIC_TITLE_EMPTY');
}

/** The service message's action: only what really changes. */
function applied(topic: Topic, change: TopicChange): Tl {
  const { title, closed, hidden, iconEmojiId } = change;
  return {
    _: 'messageActionTopicEdit',
    ...(title !== undefined && title !== topic.title ? { title } : {}),
    ...(iconEmojiId !== undefined && iconEmojiId !== topic.iconEmojiId ? { icon_emoji_id: iconEmojiId } : {}),
    ...(closed !== undefined && closed !== topic.closed ? { closed } : {}),
    ...(hidden !== undefined && hidden !== topic.hidden ? { hidden } : {}),
  };
}
