import type { Tl } from '../types.js';

interface Found {
  type: string;
  offset: number;
  length: number;
}

const TOP_LEVEL = 'com|org|net|io|me|ru|de|uk|fr|info|biz|dev|app|ai|co|eu|ua|kz|by|tv|cc|chat|shop';

/** In order: what an earlier pattern took, a later one can't have. The last group of each is the entity. */
const PATTERNS: readonly [type: string, pattern: RegExp, accept?: (text: string) => boolean][] = [
  ['messageEntityEmail', /(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}/giu],
  [
    'messageEntityUrl',
    new RegExp(
      String.raw`(?<![\p{L}\p{N}_@.])(?:(?:https?|ftp|tg|ton)://[^\s<>"]+[^\s<>".,:;!?)\]}']|(?:[\p{L}\p{N}-]+\.)+(?:${TOP_LEVEL})(?![\p{L}\p{N}_])(?:[:/?#][^\s<>"]*[^\s<>".,:;!?)\]}'])?)`,
      'giu',
    ),
  ],
  [
    'messageEntityBotCommand',
    /(?<![\p{L}\p{N}_/<>@])\/[a-z0-9_]{1,64}(?:@[a-z]\w{2,31})?(?![\p{L}\p{N}_/<>])/giu,
  ],
  ['messageEntityMention', /(?<![\p{L}\p{N}_@/])@[a-z]\w{2,31}(?![\p{L}\p{N}_])/giu],
  ['messageEntityHashtag', /(?<![\p{L}\p{N}_#])#[\p{L}\p{N}_]{1,255}/giu, (text) => /[\p{L}_]/u.test(text)],
  ['messageEntityCashtag', /(?<![\p{L}\p{N}_$])\$[A-Z]{3,8}(?![\p{L}\p{N}_])/gu],
  ['messageEntityBankCard', /(?<![\d+])\d{4}(?:[ -]?\d{4}){3}(?!\d)/gu, passesLuhn],
  ['messageEntityPhone', /(?<![\p{L}\p{N}_+])\+\d[\d ()-]{6,18}\d(?!\d)/gu],
];

/** Inside these nothing is recognised. */
const CLOSED = new Set([
  'messageEntityCode',
  'messageEntityPre',
  'messageEntityTextUrl',
  'messageEntityMentionName',
  'inputMessageEntityMentionName',
  'messageEntityCustomEmoji',
]);

/**
 * The given entities and those that the server itself recognises in sent text, by offset. Offsets are UTF-16 code
 * units. The patterns are our approximation of the server's (core.telegram.org/api/entities describes the kinds).
 */
export function automaticEntities(text: string, given: Tl[]): Tl[] {
  const taken: Found[] = given
    .filter((entity) => CLOSED.has(entity._) || PATTERNS.some(([type]) => type === entity._))
    .map((entity) => ({
      type: entity._,
      offset: Number(entity['offset']),
      length: Number(entity['length']),
    }));
  const found: Found[] = [];
  for (const [type, pattern, accept] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if ((accept && !accept(match[0])) || [...taken, ...found].some((other) => overlap(entity, other)))
        continue;
      found.push(entity);
    }
  }
  const added: Tl[] = found.map(({ type, offset, length }) => ({ _: type, offset, length }));
  return [...given, ...added].sort(
    (a, b) => Number(a['offset']) - Number(b['offset']) || Number(b['length']) - Number(a['length']),
  );
}

function overlap(a: Found, b: Found): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function passesLuhn(text: string): boolean {
  const sum = Array.from(text.replace(/\D/g, ''))
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
