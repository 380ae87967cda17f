import type { Tl } from '../../types.js';
import type { Json } from '../../http/json.js';
import { userById } from './chat.js';
import type { Eyes } from './eyes.js';
import { digits } from './digits.js';

/** Bot API type by TL name, where nothing else belongs to the entity. */
export const SIMPLE_ENTITIES: Readonly<Record<string, string>> = {
  messageEntityMention: 'mention',
  messageEntityHashtag: 'hashtag',
  messageEntityCashtag: 'cashtag',
  messageEntityBotCommand: 'bot_command',
  messageEntityUrl: 'url',
  messageEntityEmail: 'email',
  messageEntityPhone: 'phone_number',
  messageEntityBold: 'bold',
  messageEntityItalic: 'italic',
  messageEntityUnderline: 'underline',
  messageEntityStrike: 'strikethrough',
  messageEntitySpoiler: 'spoiler',
  messageEntityCode: 'code',
};

/** MessageEntity objects; kinds that the Bot API has not (bank cards) are left out. */
export function entitiesJson(eyes: Eyes, entities: readonly Tl[]): Json[] {
  return entities.map((entity) => entityJson(eyes, entity)).filter((entity) => entity !== undefined);
}

function entityJson(eyes: Eyes, entity: Tl): Json | undefined {
  const place = { offset: entity['offset'], length: entity['length'] };
  const simple = SIMPLE_ENTITIES[entity._];
  if (simple) return { ...place, type: simple };
  switch (entity._) {
    case 'messageEntityPre': {
      const { language } = entity;
      return { ...place, type: 'pre', ...(language ? { language } : {}) };
    }
    case 'messageEntityTextUrl':
      return { ...place, type: 'text_link', url: entity['url'] };
    case 'messageEntityBlockquote':
      return { ...place, type: entity['collapsed'] === true ? 'expandable_blockquote' : 'blockquote' };
    case 'messageEntityCustomEmoji':
      return { ...place, type: 'custom_emoji', custom_emoji_id: digits(entity['document_id']) };
    case 'messageEntityMentionName':
      return { ...place, type: 'text_mention', user: userById(eyes, Number(entity['user_id'])) };
    default:
      return undefined;
  }
}
