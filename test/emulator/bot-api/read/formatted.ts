import type { Tl } from '../../types.js';

/** Text with TL entities; offsets are UTF-16 code units. */
export interface Formatted {
  text: string;
  entities: Tl[];
}

/** An entity whose end is not read yet. */
export interface OpenEntity {
  /** TL name without its prefix: `Bold`, `TextUrl` … */
  type: string;
  /** Where it starts in the text that is made. */
  offset: number;
  /** Where it starts in the text that is read, for error messages. */
  at: number;
  /** What it was opened by. */
  mark: string;
  /** `url`, `language` … */
  fields?: Partial<Tl>;
}

/** The finished entity; an empty one is none. */
export function closed({ type, offset, fields }: OpenEntity, end: number): Tl[] {
  if (end <= offset) return [];
  return [{ _: `messageEntity${type}`, offset, length: end - offset, ...fields }];
}

/** A link's entity: users are mentioned by `tg://user?id=`, web addresses linked; undefined for anything else. */
export function linkEntity(url: string): { type: string; fields: Partial<Tl> } | undefined {
  const user = /^tg:\/\/user\?id=(\d+)$/i.exec(url)?.[1];
  if (user !== undefined) return { type: 'MentionName', fields: { user_id: BigInt(user) } };
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(full) || (/^https?:/i.test(full) && !new URL(full).hostname.includes('.'))) {
    return /^https?:\/\/localhost/i.test(full) ? { type: 'TextUrl', fields: { url: full } } : undefined;
  }
  const whole = /^https?:/i.test(full) ? new URL(full).href : full;
  return { type: 'TextUrl', fields: { url: whole } };
}

/** The custom emoji's id in `tg://emoji?id=`. */
export function emojiId(url: string): bigint | undefined {
  const id = /^tg:\/\/emoji\?id=(\d+)$/i.exec(url)?.[1];
  return id === undefined ? undefined : BigInt(id);
}

/** Offset in UTF-8, as Telegram's parse errors count. */
export function byteOffset(text: string, at: number): number {
  return Buffer.byteLength(text.slice(0, at));
}
