import { RpcError } from '../../types.js';
import type { Draft } from '../actor.js';
import { automaticEntities } from '../entities.js';
import type { Account, Channel, Media, Message, Peer, Reply } from '../model.js';
import { type Place, meter, placeOf, samePeer } from '../place.js';
import { may } from '../rights.js';
import type { Turn } from '../turn.js';
import { post, type BodyFacts } from './post.js';

const TEXT_MAX = 4096;
const CAPTION_MAX = 1024;
const ALBUM_MAX = 10;

export function send(turn: Turn, to: Peer, draft: Draft): Message {
  const place = open(turn, to, [draft]);
  return deliver(turn, place, draft, content(draft));
}

export function sendAlbum(turn: Turn, to: Peer, drafts: Draft[]): Message[] {
  if (drafts.length === 0) throw new RpcError(400, 'MEDIA_EMPTY');
  if (drafts.length > ALBUM_MAX) throw new RpcError(400, 'MULTI_MEDIA_TOO_LONG');
  if (new Set(drafts.map(({ media }) => albumKind(media))).size > 1) {
    throw new RpcError(400, 'MEDIA_GROUPED_INVALID');
  }
  const place = open(turn, to, drafts);
  const groupedId = turn.world.groupId();
  return drafts.map((draft) => deliver(turn, place, draft, { ...content(draft), groupedId }));
}

/** All checks before anything is posted; takes the posts from the bot's budget last. */
export function open(turn: Turn, to: Peer, drafts: Draft[]): Place {
  for (const { randomId } of drafts) {
    if (randomId !== undefined && turn.self.sent.has(randomId))
      throw new RpcError(500, 'RANDOM_ID_DUPLICATE');
  }
  const place = placeOf(turn, to);
  if (place.kind === 'private') requireWelcome(turn.self, place.other);
  else for (const draft of drafts) requirePostable(turn, place.channel, topicOf(place, draft));
  for (const draft of drafts) requireContent(draft);
  meter(turn, place, drafts.length);
  return place;
}

export function deliver(turn: Turn, place: Place, draft: Draft, facts: BodyFacts): Message {
  const topic = topicOf(place, draft);
  const reply = replyOf(turn, place, draft);
  const message = post(turn, place, {
    ...facts,
    ...(topic === undefined ? {} : { topic }),
    ...(reply ? { reply } : {}),
    ...(draft.randomId === undefined ? {} : { randomId: draft.randomId }),
    ...(draft.silent ? { silent: true as const } : {}),
    ...(draft.noforwards ? { noforwards: true as const } : {}),
    ...(draft.invertMedia ? { invertMedia: true as const } : {}),
  });
  if (draft.randomId !== undefined) {
    turn.self.sent.set(draft.randomId, { box: message.box, id: message.id });
  }
  return message;
}

export function content(draft: Draft): BodyFacts {
  const text = draft.text ?? '';
  return {
    text,
    entities: automaticEntities(text, draft.entities ?? []),
    ...(draft.media ? { media: draft.media } : {}),
    ...(draft.markup ? { markup: draft.markup } : {}),
  };
}

/** Bots can't open a conversation and can't write to bots; a block closes both directions. */
function requireWelcome(self: Account, other: Account): void {
  if (self.bot && other.bot && self.id !== other.id) throw new RpcError(400, 'USER_IS_BOT');
  if (other.blocked.has(self.id)) throw new RpcError(400, 'USER_IS_BLOCKED');
  if (self.blocked.has(other.id)) throw new RpcError(400, 'YOU_BLOCKED_USER');
  if (self.bot && !self.dialogs.has(`user:${other.id}`)) throw new RpcError(400, 'PEER_ID_INVALID');
}

/** Who manages topics, and who made one, may write in it although it is closed. */
function requirePostable(turn: Turn, channel: Channel, topicId: number | undefined): void {
  if (channel.broadcast && !may(channel, turn.self.id, 'post_messages')) {
    throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
  }
  if (!channel.forum) return;
  const topic = channel.topics.get(topicId ?? 1);
  if (!topic || topic.deleted) throw new RpcError(400, 'TOPIC_DELETED');
  const manages = topic.creatorId === turn.self.id || may(channel, turn.self.id, 'manage_topics');
  if (topic.closed && !manages) throw new RpcError(400, 'TOPIC_CLOSED');
}

function requireContent(draft: Draft): void {
  const text = draft.text ?? '';
  if (!draft.media && text.trim() === '') throw new RpcError(400, 'MESSAGE_EMPTY');
  if (!draft.media && text.length > TEXT_MAX) throw new RpcError(400, 'MESSAGE_TOO_LONG');
  if (draft.media && text.length > CAPTION_MAX) throw new RpcError(400, 'MEDIA_CAPTION_TOO_LONG');
}

/** The named topic, else that of the replied message, else General (undefined). */
function topicOf(place: Place, draft: Draft): number | undefined {
  if (place.kind !== 'channel' || !place.channel.forum) return undefined;
  const replied = draft.replyTo && place.box.messages.get(draft.replyTo.id);
  const topic = draft.topic ?? (draft.replyTo?.peer ? undefined : replied?.body.topic);
  return topic === 1 ? undefined : topic;
}

/** A replied message that is gone is left out silently, as Telegram does. */
function replyOf(turn: Turn, place: Place, draft: Draft): Reply | undefined {
  const { replyTo } = draft;
  if (!replyTo) return undefined;
  const peer = replyTo.peer ?? place.peer;
  const box = peer.kind === 'channel' ? turn.world.channel(peer.id).box : turn.self.box;
  const target = box.messages.get(replyTo.id);
  if (!target || !samePeer(target.peer, peer)) return undefined;
  const { quote } = replyTo;
  if (quote && !target.body.text.includes(quote.text)) throw new RpcError(400, 'QUOTE_TEXT_INVALID');
  return { to: target.body, origin: { peer, id: replyTo.id }, ...(quote ? { quote } : {}) };
}

/** Photos and videos go together; documents and audios each only with their like. */
function albumKind(media: Media | undefined): string {
  if (media?.kind === 'photo') return 'visual';
  if (media?.kind !== 'document') throw new RpcError(400, 'MEDIA_INVALID');
  const names = media.file.attributes.map((attribute) => attribute._);
  if (names.includes('documentAttributeAnimated')) throw new RpcError(400, 'MEDIA_INVALID');
  if (names.includes('documentAttributeVideo')) return 'visual';
  return names.includes('documentAttributeAudio') ? 'audio' : 'document';
}
