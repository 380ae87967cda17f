import { badRequest } from '../errors.js';
import { byteOffset, closed, linkEntity, type Formatted, type OpenEntity } from './formatted.js';

const TYPES: Readonly<Record<string, string>> = {
  b: 'Bold',
  strong: 'Bold',
  i: 'Italic',
  em: 'Italic',
  u: 'Underline',
  ins: 'Underline',
  s: 'Strike',
  strike: 'Strike',
  del: 'Strike',
  'tg-spoiler': 'Spoiler',
  span: 'Spoiler',
  a: 'TextUrl',
  'tg-emoji': 'CustomEmoji',
  code: 'Code',
  pre: 'Pre',
  blockquote: 'Blockquote',
};

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

const TAG = /<(\/?)([a-z][a-z0-9-]*)?((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(>?)/iy;

interface Reading {
  source: string;
  text: string;
  open: OpenEntity[];
  done: Formatted['entities'];
}

/** parse_mode HTML (core.telegram.org/bots/api#html-style). Throws "can't parse entities: …". */
export function parseHtml(source: string): Formatted {
  const reading: Reading = { source, text: '', open: [], done: [] };
  let at = 0;
  while (at < source.length) {
    if (source[at] === '<') at = readTag(reading, at);
    else at = readText(reading, at);
  }
  const left = reading.open.at(-1);
  if (left) throw unparsed(`Can't find end tag corresponding to start tag "${left.mark}"`);
  return { text: reading.text, entities: reading.done };
}

function readText(reading: Reading, at: number): number {
  const { source } = reading;
  const pattern = /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));?/iy;
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  const decoded = found ? character(found) : undefined;
  if (!found || decoded === undefined) {
    reading.text += source[at] ?? '';
    return at + 1;
  }
  reading.text += decoded;
  return at + found[0].length;
}

function character([, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return NAMED[name];
  const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function readTag(reading: Reading, at: number): number {
  const { source } = reading;
  TAG.lastIndex = at;
  const [whole = '', slash = '', rawName = '', attributes = '', end = ''] = TAG.exec(source) ?? [];
  const offset = byteOffset(source, at);
  const name = rawName.toLowerCase();
  if (slash === '' && !(name in TYPES)) {
    throw unparsed(`Unsupported start tag "${name}" at byte offset ${offset}`);
  }
  if (end === '') throw unparsed(`Unclosed ${slash ? 'end' : 'start'} tag at byte offset ${offset}`);
  if (slash === '') openTag(reading, at, name, attributes);
  else closeTag(reading, name, offset);
  return at + whole.length;
}

function openTag(reading: Reading, at: number, name: string, attributes: string): void {
  const { open, text, source } = reading;
  if (name === 'span' && attribute(attributes, 'class') !== 'tg-spoiler') {
    throw unparsed(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset(source, at)}`);
  }
  const fields = fieldsOf(name, attributes);
  open.push({
    type: TYPES[name] ?? '',
    offset: text.length,
    at,
    mark: name,
    ...(fields ? { fields } : {}),
  });
}

/** What the attributes of a tag say of its entity. */
function fieldsOf(name: string, attributes: string): OpenEntity['fields'] {
  switch (name) {
    case 'a':
      return { url: attribute(attributes, 'href') ?? '' };
    case 'pre':
      return { language: '' };
    case 'code': {
      const language = /^language-(.+)$/.exec(attribute(attributes, 'class') ?? '')?.[1];
      return language === undefined ? undefined : { language };
    }
    case 'blockquote':
      return attribute(attributes, 'expandable') === undefined ? undefined : { collapsed: true };
    case 'tg-emoji': {
      const id = attribute(attributes, 'emoji-id') ?? '';
      if (!/^\d+$/.test(id)) throw unparsed('Invalid custom emoji identifier specified');
      return { document_id: BigInt(id) };
    }
    default:
      return undefined;
  }
}

function closeTag(reading: Reading, name: string, offset: number): void {
  const { open, text, done } = reading;
  const entity = open.pop();
  if (!entity) throw unparsed(`Unexpected end tag at byte offset ${offset}`);
  if (name !== '' && name !== entity.mark) {
    throw unparsed(
      `Unmatched end tag at byte offset ${offset}, expected "</${entity.mark}>", found "</${name}>"`,
    );
  }
  if (entity.mark === 'a') {
    const url = entity.fields?.['url'];
    const link = linkEntity(typeof url === 'string' && url !== '' ? url : text.slice(entity.offset));
    if (link) done.push(...closed({ ...entity, ...link }, text.length));
    return;
  }
  if (entity.mark !== 'code') {
    done.push(...closed(entity, text.length));
    return;
  }
  // `<pre><code class="language-x">` is one entity: the pre, in that language.
  const outer = open.at(-1);
  const { fields, ...plain } = entity;
  if (outer?.mark === 'pre' && outer.offset === entity.offset) outer.fields = fields ?? { language: '' };
  else done.push(...closed(plain, text.length));
}

/** An attribute without a value is there, and empty. */
function attribute(attributes: string, name: string): string | undefined {
  const pattern = new RegExp(
    `(?:^|\\s)${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+)))?(?=\\s|$)`,
    'i',
  );
  const found = pattern.exec(attributes);
  if (!found) return undefined;
  const value = found[1] ?? found[2] ?? found[3] ?? '';
  return value.replace(/&(lt|gt|amp|quot);/g, (_, entity: string) => NAMED[entity] ?? '');
}

function unparsed(why: string): Error {
  return badRequest(`can't parse entities: ${why}`);
}
