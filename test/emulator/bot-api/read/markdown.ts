import { badRequest } from '../errors.js';
import { byteOffset, closed, linkEntity, type Formatted } from './formatted.js';

/** By opening mark; the closing one is the same, or `]`. */
const TYPES: Readonly<Record<string, string>> = {
  '*': 'Bold',
  _: 'Italic',
  '`': 'Code',
  '```': 'Pre',
  '[': 'TextUrl',
};

/** The legacy parse_mode Markdown: no nesting, four marks (core.telegram.org/bots/api#markdown-style). */
export function parseMarkdown(source: string): Formatted {
  const entities: Formatted['entities'] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const char = source[at] ?? '';
    if (char === '\\' && /[_*`[]/.test(source[at + 1] ?? '')) {
      text += source[at + 1] ?? '';
      at += 2;
    } else if (!(char in TYPES)) {
      text += char;
      at += 1;
    } else {
      const span = readSpan(source, at);
      const offset = text.length;
      text += span.text;
      if (span.type) {
        const { type, fields } = span;
        entities.push(
          ...closed({ type, offset, at, mark: char, ...(fields ? { fields } : {}) }, text.length),
        );
      }
      at = span.end;
    }
  }
  return { text, entities };
}

interface Span {
  text: string;
  end: number;
  type?: string;
  fields?: NonNullable<ReturnType<typeof linkEntity>>['fields'];
}

function readSpan(source: string, at: number): Span {
  const mark = source.startsWith('```', at) ? '```' : (source[at] ?? '');
  const closing = mark === '[' ? ']' : mark;
  const start = at + mark.length;
  const end = source.indexOf(closing, start);
  if (end < 0) {
    const offset = byteOffset(source, at);
    throw badRequest(`can't parse entities: Can't find end of the entity starting at byte offset ${offset}`);
  }
  const text = source.slice(start, end);
  const after = end + closing.length;
  if (mark === '```') {
    const [whole = '', language = ''] = /^([^\s`]+)\n/.exec(text) ?? [];
    return { text: text.slice(whole.length), end: after, type: 'Pre', fields: { language } };
  }
  if (mark !== '[') return { text, end: after, type: TYPES[mark] ?? '' };
  const address = source[after] === '(' ? source.indexOf(')', after) : -1;
  const link = address < 0 ? undefined : linkEntity(source.slice(after + 1, address));
  return { text, end: address < 0 ? after : address + 1, ...link };
}
