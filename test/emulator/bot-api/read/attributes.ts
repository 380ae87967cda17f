import type { Tl } from '../../types.js';
import type { Params } from '../params.js';
import type { FileKind } from '../render/file-kind.js';

/** The TL attributes that make a document what it is to people. */
export function mediaAttributes(kind: FileKind, params: Params): Tl[] {
  switch (kind) {
    case 'video':
      return [video(params)];
    case 'animation':
      return [{ _: 'documentAttributeAnimated' }, video(params)];
    case 'video_note':
      return [{ ...video(params), round_message: true, ...square(params.int('length') ?? 240) }];
    case 'audio':
      return [{ ...audio(params), ...texts(params, ['title', 'performer']) }];
    case 'voice':
      return [{ ...audio(params), voice: true }];
    case 'sticker':
      return [
        { _: 'documentAttributeImageSize', ...square(512) },
        {
          _: 'documentAttributeSticker',
          alt: params.text('emoji') ?? '',
          stickerset: { _: 'inputStickerSetEmpty' },
        },
      ];
    case 'photo':
    case 'document':
      return [];
  }
}

/** The type that Telegram gives to such a file whatever its name; undefined: as it was sent. */
export function mimeTypeFor(kind: FileKind): string | undefined {
  if (kind === 'video' || kind === 'animation' || kind === 'video_note') return 'video/mp4';
  return kind === 'voice' ? 'audio/ogg' : undefined;
}

function video(params: Params): Tl {
  return {
    _: 'documentAttributeVideo',
    duration: params.int('duration') ?? 0,
    w: params.int('width') ?? 320,
    h: params.int('height') ?? 320,
    ...(params.flag('supports_streaming') ? { supports_streaming: true } : {}),
  };
}

function audio(params: Params): Tl {
  return { _: 'documentAttributeAudio', duration: params.int('duration') ?? 0 };
}

function square(side: number): Partial<Tl> {
  return { w: side, h: side };
}

function texts(params: Params, names: readonly string[]): Partial<Tl> {
  return Object.fromEntries(
    names.map((name) => [name, params.text(name)]).filter(([, value]) => value !== undefined),
  ) as Partial<Tl>;
}
