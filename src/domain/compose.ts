/** How a delivery becomes messages: one message or album per post, in order, long texts in several. Deterministic: a repeat composes the same. */

import {
  maxCaptionLength,
  maxTextLength,
  plain,
  type Content,
  type FormattedText,
  type Media,
  type MediaKind,
} from './content.js';
import type { ConnectionKind } from './connection.js';
import type { Delivery, DeliveryPart } from './delivery.js';
import { prefixed, split } from './text.js';

/** One message to send, and which source message it stands for. `part` 0 is the one that replies point at. */
export interface Piece {
  readonly content: Content;
  readonly msgId: number;
  readonly part: number;
}

/** Pieces that are sent in one call: an album, or a single message. */
export type Post = readonly Piece[];

/** Messages older than this when they reach us are marked with their own time. */
const lateAfterS = 60;

const withoutCaption: ReadonlySet<MediaKind> = new Set(['sticker', 'video-note']);

/** The posts of a delivery. `via` tells whose primary an intercepted message came from. */
export function compose(delivery: Delivery, via: ConnectionKind): Post[] {
  const head = delivery.parts[0];
  if (head === undefined) return [];
  const mark = markOf(delivery, head, via);
  const first = delivery.parts.map((part, index) => (index === 0 && mark !== '' ? marked(part, mark) : part));
  const pieces = first.map((part) => piecesOf(part));
  const album = pieces.flatMap((list) => list.slice(0, 1));
  const overflow = pieces.flatMap((list) => list.slice(1)).map((piece): Post => [piece]);
  const before: Post[] =
    mark !== '' && !takesCaption(head.content)
      ? [[{ content: { text: plain(mark.trim()) }, msgId: head.msgId, part: 99 }]]
      : [];
  return [...before, album, ...overflow];
}

/** `🤖` the bot's program wrote it, `📱` the account's owner did; a clock and the time when it comes late. */
function markOf(delivery: Delivery, head: DeliveryPart, via: ConnectionKind): string {
  const who = delivery.side === 'intercepted' ? (via === 'bot' ? '🤖 ' : '📱 ') : '';
  const late = delivery.kind === 'mirror' && delivery.createdAt / 1000 - head.date > lateAfterS;
  return late ? `${who}🕓 ${timeOf(head.date)} ` : who;
}

function timeOf(unixS: number): string {
  return `${new Date(unixS * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC:`;
}

function marked(part: DeliveryPart, mark: string): DeliveryPart {
  if (!takesCaption(part.content)) return part;
  return { ...part, content: { ...part.content, text: prefixed(mark, part.content.text) } };
}

function takesCaption(content: Content): boolean {
  return content.media === undefined || !withoutCaption.has(content.media.kind);
}

function piecesOf(part: DeliveryPart): Piece[] {
  const { media } = part.content;
  const room = media === undefined ? maxTextLength : maxCaptionLength;
  const texts = split(shownText(part.content), room, maxTextLength);
  return texts.map((text, index) => ({
    content: index === 0 && media !== undefined ? carried(text, media, part.uncarried) : { text },
    msgId: part.msgId,
    part: index,
  }));
}

/** The name is added to the text as it was cut, so that every piece keeps its place whether or not the medium can be carried. */
function carried(text: FormattedText, media: Media, uncarried: string | undefined): Content {
  if (uncarried === undefined) return { text, media };
  const name = [media.kind.replace('-', ' '), media.fileName].filter((word) => word !== undefined).join(' ');
  return { text: named(`${name} (${uncarried})`, text) };
}

/** What has no medium we can carry is shown by the name of its kind. */
function shownText(content: Content): FormattedText {
  return content.placeholder === undefined ? content.text : named(content.placeholder, content.text);
}

function named(name: string, text: FormattedText): FormattedText {
  return prefixed(text.text === '' ? `📎 ${name}` : `📎 ${name}\n`, text);
}
