/** Formatting, both ways. Offsets and lengths are UTF-16 units on both sides. */

import type { tl } from '@mtcute/tl';

import type { Entity, EntityKind } from '../../domain/content.js';
import { peerOf, peerParts, type Peer } from '../../domain/ids.js';
import { long } from '../tl/long.js';
import { flag, present } from './present.js';

/** Kinds that are a stretch and nothing more. */
const plainKinds = {
  messageEntityBold: 'bold',
  messageEntityItalic: 'italic',
  messageEntityUnderline: 'underline',
  messageEntityStrike: 'strike',
  messageEntitySpoiler: 'spoiler',
  messageEntityCode: 'code',
  messageEntityMention: 'mention',
  messageEntityHashtag: 'hashtag',
  messageEntityCashtag: 'cashtag',
  messageEntityBotCommand: 'bot-command',
  messageEntityUrl: 'url',
  messageEntityEmail: 'email',
  messageEntityPhone: 'phone',
  messageEntityBankCard: 'bank-card',
} as const satisfies Partial<Record<tl.TypeMessageEntity['_'], EntityKind>>;

/** Kinds that Telegram finds itself in every text that is sent; official clients send none of them either. */
const automatic: ReadonlySet<EntityKind> = new Set([
  'mention',
  'hashtag',
  'cashtag',
  'bot-command',
  'url',
  'email',
  'phone',
  'bank-card',
]);

/** Telegram's entities as ours; kinds without a name here (dates in the reader's format) are left as plain text. */
export function fromTlEntities(entities: readonly tl.TypeMessageEntity[] | undefined): Entity[] {
  return (entities ?? []).map(fromTlEntity).filter((entity) => entity !== undefined);
}

function fromTlEntity(entity: tl.TypeMessageEntity): Entity | undefined {
  const { offset, length } = entity;
  switch (entity._) {
    case 'messageEntityPre':
      return present<Entity>({ kind: 'pre', offset, length, language: entity.language || undefined });
    case 'messageEntityTextUrl':
      return { kind: 'text-url', offset, length, url: entity.url };
    case 'messageEntityMentionName':
      return { kind: 'mention-name', offset, length, user: peerOf('user', entity.userId) };
    case 'inputMessageEntityMentionName':
    case 'messageEntityUnknown':
    case 'messageEntityFormattedDate':
      return undefined;
    case 'messageEntityCustomEmoji':
      return { kind: 'custom-emoji', offset, length, emoji: entity.documentId.toString() };
    case 'messageEntityBlockquote':
      return present<Entity>({ kind: 'blockquote', offset, length, collapsed: flag(entity.collapsed) });
    default:
      return { kind: plainKinds[entity._], offset, length };
  }
}

/** The user as the sending session addresses them; undefined where it does not know them. */
export type InputUsers = (user: Peer) => tl.TypeInputUser | undefined;

/**
 * Our entities for a send. A mention of somebody the session does not know becomes a link to that user; what an account may
 * not use (custom emoji without premium) is Telegram's to drop.
 */
export function toTlEntities(entities: readonly Entity[], inputUser: InputUsers): tl.TypeMessageEntity[] {
  return entities
    .filter(({ kind, length }) => length > 0 && !automatic.has(kind))
    .map((entity) => toTlEntity(entity, inputUser));
}

function toTlEntity(entity: Entity, inputUser: InputUsers): tl.TypeMessageEntity {
  const { kind, offset, length } = entity;
  switch (kind) {
    case 'pre':
      return { _: 'messageEntityPre', offset, length, language: entity.language ?? '' };
    case 'text-url':
      return { _: 'messageEntityTextUrl', offset, length, url: entity.url ?? '' };
    case 'mention-name':
      return mentionName(entity, inputUser);
    case 'custom-emoji':
      return {
        _: 'messageEntityCustomEmoji',
        offset,
        length,
        documentId: long(entity.emoji ?? '0'),
      };
    case 'blockquote':
      return present<tl.RawMessageEntityBlockquote>({
        _: 'messageEntityBlockquote',
        offset,
        length,
        collapsed: entity.collapsed,
      });
    default:
      return { _: constructorOf[kind], offset, length };
  }
}

type PlainConstructor = keyof typeof plainKinds;

const constructorOf = Object.fromEntries(
  Object.entries(plainKinds).map(([constructor, kind]) => [kind, constructor]),
) as Record<(typeof plainKinds)[PlainConstructor], PlainConstructor>;

function mentionName({ offset, length, user }: Entity, inputUser: InputUsers): tl.TypeMessageEntity {
  const input = user === undefined ? undefined : inputUser(user);
  if (input !== undefined) return { _: 'inputMessageEntityMentionName', offset, length, userId: input };
  const id = user === undefined ? '' : peerParts(user).id;
  return { _: 'messageEntityTextUrl', offset, length, url: `tg://user?id=${id}` };
}
