import { createCipheriv, createHash } from 'node:crypto';
import { mimeTypeOf } from '../bot-api/render/file-kind.js';
import type { Tl } from '../types.js';
import type { Media } from '../world/model.js';
import type { World } from '../world/world.js';
import { ControlError, type Input } from './input.js';

const CHUNK = 1024 * 1024;
const SIZE_MAX = 2_000_000_000;

const KINDS: Readonly<Record<string, (file: Input) => Tl[]>> = {
  photo: () => [],
  document: () => [],
  video: (file) => [videoAttribute(file)],
  animation: (file) => [{ _: 'documentAttributeAnimated' }, videoAttribute(file)],
  round: (file) => [{ ...videoAttribute(file), round_message: true }],
  audio: (file) => [{ _: 'documentAttributeAudio', duration: file.maybeInt('duration') ?? 1 }],
  voice: (file) => [{ _: 'documentAttributeAudio', voice: true, duration: file.maybeInt('duration') ?? 1 }],
  sticker: (file) => [
    { _: 'documentAttributeImageSize', w: 512, h: 512 },
    {
      _: 'documentAttributeSticker',
      alt: file.maybeText('emoji') ?? '🙂',
      stickerset: { _: 'inputStickerSetEmpty' },
    },
  ],
};

/**
 * `{kind, name?, mime?, base64}` or `{kind, name?, mime?, size, seed?}` → media; a generated file has the same bytes
 * for the same size, name and seed. Default kind: document.
 */
export function mediaOf(world: World, file: Input): Media {
  const kind = file.maybeText('kind') ?? 'document';
  const attributes = KINDS[kind]?.(file);
  if (!attributes) {
    throw new ControlError(`"kind" of ${file.what} must be one of ${Object.keys(KINDS).join(', ')}.`);
  }
  const name = file.maybeText('name') ?? DEFAULT_NAMES[kind];
  const chunks = contentOf(file, name ?? '');
  const spoiler = file.flag('spoiler') ? { spoiler: true as const } : {};
  if (kind === 'photo') return { kind: 'photo', file: world.files.photo(chunks), ...spoiler };
  const mimeType = file.maybeText('mime') ?? MIME_TYPES[kind] ?? mimeTypeOf(name ?? '');
  const named = name === undefined ? [] : [{ _: 'documentAttributeFilename', file_name: name }];
  return {
    kind: 'document',
    file: world.files.document(chunks, { mimeType, attributes: [...attributes, ...named] }),
    ...spoiler,
  };
}

/** The same bytes on every machine: AES-CTR over zeros, keyed by the seed. Chunks of 1 MiB. */
export function generatedBytes(size: number, seed: string): Buffer[] {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return Array.from({ length: Math.ceil(size / CHUNK) }, (_, index) =>
    stream.update(Buffer.alloc(Math.min(CHUNK, size - index * CHUNK))),
  );
}

function contentOf(file: Input, name: string): Buffer[] {
  const base64 = file.maybeText('base64');
  if (base64 !== undefined) return [Buffer.from(base64, 'base64')];
  const size = file.int('size');
  if (size < 1 || size > SIZE_MAX) throw new ControlError(`"size" of ${file.what} must be 1 to ${SIZE_MAX}.`);
  return generatedBytes(size, file.maybeText('seed') ?? `${name}:${size}`);
}

function videoAttribute(file: Input): Tl {
  return {
    _: 'documentAttributeVideo',
    duration: file.maybeInt('duration') ?? 1,
    w: file.maybeInt('width') ?? 320,
    h: file.maybeInt('height') ?? 240,
    supports_streaming: true,
  };
}

const DEFAULT_NAMES: Readonly<Record<string, string>> = {
  document: 'file.bin',
  video: 'video.mp4',
  animation: 'animation.mp4',
  audio: 'audio.mp3',
  sticker: 'sticker.webp',
};

const MIME_TYPES: Readonly<Record<string, string>> = {
  video: 'video/mp4',
  animation: 'video/mp4',
  round: 'video/mp4',
  audio: 'audio/mpeg',
  voice: 'audio/ogg',
  sticker: 'image/webp',
};
