import { RpcError, type Tl } from '../../types.js';
import type { TopicChange } from '../../world/actor.js';
import type { Channel, Message, Topic } from '../../world/model.js';
import { channelPeer, dialogOf } from '../../world/place.js';
import type { Signed, SignedAsk } from '../ask.js';
import { int, ints, maybeBool, maybeInt, maybeLong, maybeText, text } from '../fields.js';
import { channelOf } from '../peers.js';
import { containerTl } from '../render/container.js';
import { messageTl } from '../render/message.js';

/** Up to layer 215 in `channels`, by `channel`; from 216 in `messages`, by `peer`. */
export const TOPICS: Readonly<Record<string, Signed>> = Object.fromEntries(
  Object.entries<Signed>({
    createForumTopic,
    editForumTopic,
    deleteTopicHistory: (ask) => {
      const { pts, count } = ask.actor.deleteTopic(channelOf(ask).id, int(ask.request, 'top_msg_id'));
      return { _: 'messages.affectedHistory', pts, pts_count: count, offset: 0 };
    },
    updatePinnedForumTopic: (ask) => {
      const pinned = maybeBool(ask.request, 'pinned') === true;
      ask.actor.pinTopic(channelOf(ask).id, int(ask.request, 'topic_id'), pinned);
      return containerTl(ask.view, ask.actor.own);
    },
    getForumTopics,
    getForumTopicsByID: (ask) => {
      const channel = forumOf(ask);
      const wanted = ints(ask.request, 'topics').map((id) => channel.topics.get(id) ?? id);
      return forumTopics(ask, channel, wanted, wanted.length);
    },
  }).flatMap(([name, method]) => [
    [`messages.${name}`, method],
    [`channels.${name}`, method],
  ]),
);

function createForumTopic(ask: SignedAsk): Tl {
  const { request } = ask;
  const iconColor = maybeInt(request, 'icon_color');
  const iconEmojiId = maybeLong(request, 'icon_emoji_id');
  const randomId = maybeLong(request, 'random_id');
  ask.actor.createTopic(channelOf(ask).id, {
    title: text(request, 'title'),
    ...(iconColor === undefined ? {} : { iconColor }),
    ...(iconEmojiId === undefined ? {} : { iconEmojiId }),
    ...(randomId === undefined ? {} : { randomId }),
  });
  return containerTl(ask.view, ask.actor.own);
}

function editForumTopic(ask: SignedAsk): Tl {
  const { request } = ask;
  const title = maybeText(request, 'title');
  const iconEmojiId = maybeLong(request, 'icon_emoji_id');
  const closed = maybeBool(request, 'closed');
  const hidden = maybeBool(request, 'hidden');
  const change: TopicChange = {
    ...(title === undefined ? {} : { title }),
    ...(iconEmojiId === undefined ? {} : { iconEmojiId }),
    ...(closed === undefined ? {} : { closed }),
    ...(hidden === undefined ? {} : { hidden }),
  };
  ask.actor.editTopic(channelOf(ask).id, int(request, 'topic_id'), change);
  return containerTl(ask.view, ask.actor.own);
}

/** Pinned first, then by last message; pages go by `offset_topic`. */
function getForumTopics(ask: SignedAsk): Tl {
  const channel = forumOf(ask);
  const query = maybeText(ask.request, 'q')?.toLowerCase();
  const tops = topMessages(channel);
  const topics = [...channel.topics.values()]
    .filter((topic) => !topic.deleted && (!query || topic.title.toLowerCase().includes(query)))
    .sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || (tops.get(b.id)?.id ?? 0) - (tops.get(a.id)?.id ?? 0),
    );
  const offset = topics.findIndex(({ id }) => id === int(ask.request, 'offset_topic'));
  const page = topics.slice(offset + 1, offset + 1 + Math.min(int(ask.request, 'limit'), 100));
  return forumTopics(ask, channel, page, topics.length);
}

function forumOf(ask: SignedAsk): Channel {
  const channel = channelOf(ask);
  if (!channel.forum) throw new RpcError(400, 'CHANNEL_FORUM_MISSING');
  return channel;
}

function forumTopics(ask: SignedAsk, channel: Channel, wanted: (Topic | number)[], count: number): Tl {
  const tops = topMessages(channel);
  const topics = wanted.map((topic): Tl => {
    if (typeof topic === 'number') return { _: 'forumTopicDeleted', id: topic };
    return topic.deleted
      ? { _: 'forumTopicDeleted', id: topic.id }
      : topicTl(ask, channel, topic, tops.get(topic.id));
  });
  const messages = wanted
    .map((topic) => (typeof topic === 'number' ? undefined : tops.get(topic.id)))
    .filter((message) => message !== undefined)
    .map((message) => messageTl(ask.view, message));
  ask.view.channel(channel.id);
  const { pts } = channel.box;
  return { _: 'messages.forumTopics', count, topics, messages, ...ask.view.company, pts };
}

function topicTl(ask: SignedAsk, channel: Channel, topic: Topic, top: Message | undefined): Tl {
  const read = dialogOf(ask.self, channelPeer(channel.id));
  return {
    _: 'forumTopic',
    id: topic.id,
    date: topic.date,
    peer: ask.view.channel(channel.id),
    title: topic.title,
    icon_color: topic.iconColor,
    top_message: top?.id ?? topic.id,
    read_inbox_max_id: read.readInboxMaxId,
    read_outbox_max_id: read.readOutboxMaxId,
    unread_count: 0,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    from_id: ask.view.user(topic.creatorId),
    notify_settings: { _: 'peerNotifySettings' },
    ...(topic.creatorId === ask.self.id ? { my: true } : {}),
    ...(topic.closed ? { closed: true } : {}),
    ...(topic.pinned ? { pinned: true } : {}),
    ...(topic.hidden ? { hidden: true } : {}),
    ...(topic.iconEmojiId === undefined ? {} : { icon_emoji_id: topic.iconEmojiId }),
  };
}

/** The last message of every topic. */
function topMessages(channel: Channel): Map<number, Message> {
  const tops = new Map<number, Message>();
  for (const message of channel.box.messages.values()) tops.set(message.body.topic ?? 1, message);
  return tops;
}
