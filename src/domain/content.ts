/** What a message says, free of Telegram's constructors: text with entities, and at most one medium. */

import type { Peer } from './ids.js';

export type EntityKind =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'spoiler'
  | 'code'
  | 'pre'
  | 'blockquote'
  | 'text-url'
  | 'mention-name'
  | 'custom-emoji'
  | 'mention'
  | 'hashtag'
  | 'cashtag'
  | 'bot-command'
  | 'url'
  | 'email'
  | 'phone'
  | 'bank-card';

/** One formatted stretch; offset and length count UTF-16 units, as at Telegram. */
export interface Entity {
  readonly kind: EntityKind;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly user?: Peer;
  readonly language?: string;
  /** Document id of a custom emoji, decimal. */
  readonly emoji?: string;
  readonly collapsed?: boolean;
}

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

export type MediaKind =
  'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video-note' | 'sticker';

export interface Media {
  readonly kind: MediaKind;
  readonly bytes: number;
  /** Opaque outside telegram/: where the file lies, readable only by the session that saw the message. */
  readonly file: string;
  readonly mime?: string;
  readonly fileName?: string;
  readonly durationS?: number;
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly performer?: string;
  /** The emoji a sticker stands for. */
  readonly alt?: string;
  /** Voice waveform, base64. */
  readonly waveform?: string;
  readonly spoiler?: boolean;
}

export interface Content {
  readonly text: FormattedText;
  readonly media?: Media;
  /** Name of a kind that cannot be carried yet ("location", "poll"): it is shown by name, never dropped. */
  readonly placeholder?: string;
}

/** Plain text without entities. */
export function plain(text: string): FormattedText {
  return { text, entities: [] };
}

/** Telegram's limits in UTF-16 units for what a bot or account without premium may send. */
export const maxTextLength = 4096;
export const maxCaptionLength = 1024;
