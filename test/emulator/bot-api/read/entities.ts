import type { Tl } from '../../types.js';
import { badRequest } from '../errors.js';
import type { Params } from '../params.js';
import { SIMPLE_ENTITIES } from '../render/entities.js';

const TL_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SIMPLE_ENTITIES).map(([tl, type]) => [type, tl]),
);

/** Found by the server itself; what a bot says of them is not heard. */
const AUTOMATIC = new Set(['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number']);

/** MessageEntity objects → TL. Throws for a type that there is not. */
export function readEntities(entities: readonly Params[]): Tl[] {
  return entities.map(readEntity).filter((entity) => entity !== undefined);
}

function readEntity(entity: Params): Tl | undefined {
  const type = entity.requiredText('type');
  const place = { offset: entity.requiredInt('offset'), length: entity.requiredInt('length') };
  if (AUTOMATIC.has(type)) return undefined;
  const simple = TL_NAMES[type];
  if (simple) return { _: simple, ...place };
  switch (type) {
    case 'pre':
      return { _: 'messageEntityPre', ...place, language: entity.text('language') ?? '' };
    case 'text_link':
      return { _: 'messageEntityTextUrl', ...place, url: entity.requiredText('url') };
    case 'text_mention':
      return {
        _: 'messageEntityMentionName',
        ...place,
        user_id: BigInt(entity.object('user')?.requiredInt('id') ?? 0),
      };
    case 'custom_emoji':
      return {
        _: 'messageEntityCustomEmoji',
        ...place,
        document_id: BigInt(entity.requiredText('custom_emoji_id')),
      };
    case 'blockquote':
      return { _: 'messageEntityBlockquote', ...place };
    case 'expandable_blockquote':
      return { _: 'messageEntityBlockquote', ...place, collapsed: true };
    default:
      throw badRequest(`can't parse MessageEntity: Unsupported type specified`);
  }
}
