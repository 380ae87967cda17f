import type { Tl } from '../../types.js';
import type { WorldEvent } from '../../world/events.js';
import type { Message } from '../../world/model.js';
import { messageTl, reactionsTl } from './message.js';
import { participantTl } from './peers.js';
import type { View } from './view.js';

/** The TL Update objects of one event for one account: an own message leads with its updateMessageID. */
export function updatesTl(view: View, event: WorldEvent): Tl[] {
  if (event.kind !== 'message') return [updateTl(view, event)];
  return [...messageIdTl(view, event.message), updateTl(view, event)];
}

/** How the author learns which id his random_id got; nobody else is told. */
export function messageIdTl(view: View, { id, body }: Message): Tl[] {
  if (body.randomId === undefined || body.authorId !== view.viewer.id) return [];
  return [{ _: 'updateMessageID', id, random_id: body.randomId }];
}

function updateTl(view: View, event: WorldEvent): Tl {
  switch (event.kind) {
    case 'message':
    case 'edit':
    case 'delete':
    case 'read-inbox':
    case 'read-outbox':
    case 'pins':
      return sequencedTl(view, event);
    case 'bot-reaction':
    case 'member':
    case 'stopped':
      return qtsTl(view, event);
    default:
      return looseTl(view, event);
  }
}

type Sequenced = Extract<WorldEvent, { pts: number }>;
type OnQts = Extract<WorldEvent, { qts: number }>;
type Loose = Exclude<WorldEvent, Sequenced | OnQts>;

function sequencedTl(view: View, event: Sequenced): Tl {
  const place = { pts: event.pts, pts_count: event.count };
  switch (event.kind) {
    case 'message':
    case 'edit': {
      const kind = event.kind === 'message' ? 'New' : 'Edit';
      const channel = event.message.peer.kind === 'channel' ? 'Channel' : '';
      return { _: `update${kind}${channel}Message`, message: messageTl(view, event.message), ...place };
    }
    case 'delete': {
      const messages = event.messages.map(({ id }) => id);
      if (!event.channel) return { _: 'updateDeleteMessages', messages, ...place };
      const channel_id = idOf(view.channel(event.channel.id));
      return { _: 'updateDeleteChannelMessages', channel_id, messages, ...place };
    }
    case 'pins': {
      const pinned = event.pinned ? { pinned: true } : {};
      const peer = view.peer(event.peer);
      return event.peer.kind === 'user'
        ? { _: 'updatePinnedMessages', peer, messages: event.ids, ...pinned, ...place }
        : {
            _: 'updatePinnedChannelMessages',
            channel_id: idOf(peer),
            messages: event.ids,
            ...pinned,
            ...place,
          };
    }
    case 'read-inbox':
    case 'read-outbox':
      return readTl(view, event);
  }
}

function readTl(view: View, event: Extract<Sequenced, { kind: 'read-inbox' | 'read-outbox' }>): Tl {
  const peer = view.peer(event.peer);
  const max_id = event.maxId;
  const place = { pts: event.pts, pts_count: event.count };
  if (event.kind === 'read-outbox') {
    return event.peer.kind === 'user'
      ? { _: 'updateReadHistoryOutbox', peer, max_id, ...place }
      : { _: 'updateReadChannelOutbox', channel_id: idOf(peer), max_id };
  }
  const still_unread_count = event.unread;
  return event.peer.kind === 'user'
    ? { _: 'updateReadHistoryInbox', peer, max_id, still_unread_count, ...place }
    : { _: 'updateReadChannelInbox', channel_id: idOf(peer), max_id, still_unread_count, pts: event.pts };
}

function qtsTl(view: View, event: OnQts): Tl {
  const { date, qts } = event;
  switch (event.kind) {
    case 'bot-reaction':
      return {
        _: 'updateBotMessageReaction',
        peer: view.peer(event.message.peer),
        msg_id: event.message.id,
        date,
        actor: view.user(event.actorId),
        old_reactions: event.before,
        new_reactions: event.after,
        qts,
      };
    case 'member':
      view.mention(event.actorId);
      view.mention(event.userId);
      return {
        _: 'updateChannelParticipant',
        channel_id: idOf(view.channel(event.channel.id)),
        date,
        actor_id: BigInt(event.actorId),
        user_id: BigInt(event.userId),
        ...(event.before ? { prev_participant: participantTl(view.viewer, event.before) } : {}),
        ...(event.after ? { new_participant: participantTl(view.viewer, event.after) } : {}),
        qts,
      };
    case 'stopped':
      view.mention(event.userId);
      return { _: 'updateBotStopped', user_id: BigInt(event.userId), date, stopped: event.stopped, qts };
  }
}

function looseTl(view: View, event: Loose): Tl {
  switch (event.kind) {
    case 'reactions': {
      const { message } = event;
      const { topic } = message.body;
      return {
        _: 'updateMessageReactions',
        peer: view.peer(message.peer),
        msg_id: message.id,
        ...(topic === undefined ? {} : { top_msg_id: topic }),
        reactions: reactionsTl(view, message.body),
      };
    }
    case 'callback': {
      const { query } = event;
      return {
        _: 'updateBotCallbackQuery',
        query_id: query.id,
        user_id: idOf(view.user(query.userId)),
        peer: view.peer(query.message.peer),
        msg_id: query.message.id,
        chat_instance: query.chatInstance,
        data: query.data,
      };
    }
    case 'typing':
      return typingTl(view, event);
    case 'channel':
      return { _: 'updateChannel', channel_id: idOf(view.channel(event.channel.id)) };
    case 'topic-pinned':
      return {
        _: 'updatePinnedForumTopic',
        peer: view.channel(event.channel.id),
        topic_id: event.topicId,
        ...(event.pinned ? { pinned: true } : {}),
      };
    case 'blocked':
      return {
        _: 'updatePeerBlocked',
        peer_id: view.user(event.userId),
        ...(event.blocked ? { blocked: true } : {}),
      };
    case 'renamed':
      return renamedTl(view, event.userId);
  }
}

function typingTl(view: View, { peer, fromId, action, topic }: Extract<Loose, { kind: 'typing' }>): Tl {
  const from = view.user(fromId);
  const thread = topic === undefined ? {} : { top_msg_id: topic };
  if (peer.kind === 'user') return { _: 'updateUserTyping', user_id: idOf(from), action, ...thread };
  const channel_id = idOf(view.channel(peer.id));
  return { _: 'updateChannelUserTyping', channel_id, from_id: from, action, ...thread };
}

function renamedTl(view: View, userId: number): Tl {
  const { firstName, lastName, username } = view.world.account(userId);
  return {
    _: 'updateUserName',
    user_id: idOf(view.user(userId)),
    first_name: firstName,
    last_name: lastName ?? '',
    usernames: username === undefined ? [] : [{ _: 'username', active: true, editable: true, username }],
  };
}

/** The bare id in a TL Peer. */
function idOf(peer: Tl): bigint {
  return (peer['user_id'] ?? peer['channel_id']) as bigint;
}
