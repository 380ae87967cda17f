/** Cutting and prefixing formatted text; entities follow. Lengths are UTF-16 units. */

import type { Entity, FormattedText } from './content.js';

/** Text with a plain prefix in front. */
export function prefixed(prefix: string, text: FormattedText): FormattedText {
  const entities = text.entities.map((entity) => ({ ...entity, offset: entity.offset + prefix.length }));
  return { text: prefix + text.text, entities };
}

/** The text in pieces: the first at most `first` long, the others at most `rest`. At least one piece. */
export function split(text: FormattedText, first: number, rest: number): FormattedText[] {
  const pieces: FormattedText[] = [];
  let start = 0;
  do {
    const end = cutPoint(text.text, start, pieces.length === 0 ? first : rest);
    pieces.push(slice(text, start, end));
    start = end;
  } while (start < text.text.length);
  return pieces;
}

/** Prefers the end of a line, then of a word, in the last fifth of the room; never cuts a surrogate pair. */
function cutPoint(text: string, start: number, room: number): number {
  const limit = start + room;
  if (limit >= text.length) return text.length;
  const earliest = start + Math.floor(room * 0.8);
  for (const separator of ['\n', ' ']) {
    const at = text.lastIndexOf(separator, limit - 1);
    if (at >= earliest) return at + 1;
  }
  const before = text.charCodeAt(limit - 1);
  return before >= 0xd800 && before <= 0xdbff ? limit - 1 : limit;
}

function slice(text: FormattedText, start: number, end: number): FormattedText {
  const entities = text.entities.flatMap((entity): Entity[] => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    return to > from ? [{ ...entity, offset: from - start, length: to - from }] : [];
  });
  return { text: text.text.slice(start, end), entities };
}
