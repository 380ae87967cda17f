import type { Call } from '../call.js';
import { badRequest } from '../errors.js';
import type { Params } from '../params.js';
import { readEntities } from './entities.js';
import type { Formatted } from './formatted.js';
import { parseHtml } from './html.js';
import { parseMarkdown } from './markdown.js';
import { parseMarkdownV2 } from './markdown-v2.js';

/** Which parameters hold a text, its entities and its parse mode. */
export interface TextFields {
  text: string;
  entities: string;
  parseMode: string;
}

export const TEXT: TextFields = { text: 'text', entities: 'entities', parseMode: 'parse_mode' };
export const CAPTION: TextFields = {
  text: 'caption',
  entities: 'caption_entities',
  parseMode: 'parse_mode',
};

/** The text and its entities, trimmed as Telegram does; undefined when the text is not given. */
export function readText(call: Call, params: Params, fields: TextFields): Formatted | undefined {
  const source = params.text(fields.text);
  if (source === undefined) return undefined;
  const { text, entities } = trimmed(parsed(source, params, fields));
  return { text, entities: entities.filter((entity) => isKnownMention(call, entity)) };
}

function parsed(source: string, params: Params, { entities, parseMode }: TextFields): Formatted {
  const mode = params.text(parseMode)?.toLowerCase() ?? 'none';
  switch (mode) {
    case 'html':
      return parseHtml(source);
    case 'markdownv2':
      return parseMarkdownV2(source);
    case 'markdown':
      return parseMarkdown(source);
    case 'none':
      return { text: source, entities: readEntities(params.objects(entities) ?? []) };
    default:
      throw badRequest('unsupported parse_mode');
  }
}

/** Blanks at both ends go, entities shrink with them. */
function trimmed({ text, entities }: Formatted): Formatted {
  const start = text.length - text.trimStart().length;
  const short = text.trim();
  return {
    text: short,
    entities: entities.flatMap((entity) => {
      const from = Math.max(Number(entity['offset']) - start, 0);
      const end = Math.min(Number(entity['offset']) - start + Number(entity['length']), short.length);
      return end > from ? [{ ...entity, offset: from, length: end - from }] : [];
    }),
  };
}

/** A mention of somebody whom nobody knows stays plain text. */
function isKnownMention({ world }: Call, entity: Formatted['entities'][number]): boolean {
  return entity._ !== 'messageEntityMentionName' || world.accounts.has(Number(entity['user_id']));
}
