import type { Tl } from '../../types.js';
import type { StoredFile } from '../../world/files.js';
import type { Media } from '../../world/model.js';
import { fileId, uniqueId } from '../file-id.js';
import type { Json } from '../../http/json.js';
import type { Eyes } from './eyes.js';
import { attribute, fileName, kindOf } from './file-kind.js';
import { plainJson } from './plain-media.js';

/** The fields that the media gives to its Message. */
export function mediaJson(eyes: Eyes, media: Media): Json {
  if (media.kind === 'plain') return plainJson(media.tl);
  const spoiler = media.spoiler ? { has_media_spoiler: true } : {};
  if (media.kind === 'photo') return { photo: photoSizes(eyes, media.file), ...spoiler };
  const kind = kindOf(media.file);
  const json = documentJson(eyes, media.file);
  // An animation comes as a document too, for programs older than animations.
  const twin = kind === 'animation' ? { document: plainDocument(eyes, media.file) } : {};
  return { [kind]: json, ...twin, ...spoiler };
}

/** PhotoSize objects, smallest first. Both carry the whole content (world/files.ts keeps one). */
export function photoSizes({ bot }: Eyes, file: StoredFile): Json[] {
  const shrink = Math.min(1, 320 / Math.max(file.width, file.height, 1));
  const size = (at: number, width: number, height: number): Json => ({
    file_id: fileId(bot.id, file, at),
    file_unique_id: uniqueId(file, at),
    file_size: file.size,
    width,
    height,
  });
  const scaled = (pixels: number): number => Math.max(1, Math.round(pixels * shrink));
  const large = size(2, file.width, file.height);
  return shrink < 1 ? [size(1, scaled(file.width), scaled(file.height)), large] : [large];
}

function documentJson(eyes: Eyes, file: StoredFile): Json {
  const base = baseJson(eyes, file);
  const audio = attribute(file, 'documentAttributeAudio');
  const { width, height, duration } = measures(file, audio);
  switch (kindOf(file)) {
    case 'video':
    case 'animation':
      return { ...base, ...nameOf(file), width, height, duration };
    case 'audio':
      return { ...base, ...nameOf(file), duration, ...titles(audio) };
    case 'voice':
      return { ...base, duration };
    case 'video_note':
      return { ...base, duration, length: width };
    case 'sticker':
      return { ...base, ...stickerFields(file), width, height };
    case 'photo':
    case 'document':
      return { ...base, ...nameOf(file) };
  }
}

/** Pixels, and seconds. */
function measures(file: StoredFile, audio: Tl | undefined): Record<'width' | 'height' | 'duration', number> {
  const video = attribute(file, 'documentAttributeVideo') ?? attribute(file, 'documentAttributeImageSize');
  return {
    width: Number(video?.['w'] ?? 0),
    height: Number(video?.['h'] ?? 0),
    duration: Math.round(Number(video?.['duration'] ?? audio?.['duration'] ?? 0)),
  };
}

function stickerFields(file: StoredFile): Json {
  return {
    type: 'regular',
    is_animated: file.mimeType === 'application/x-tgsticker',
    is_video: file.mimeType === 'video/webm',
    emoji: attribute(file, 'documentAttributeSticker')?.['alt'] ?? '',
  };
}

function plainDocument(eyes: Eyes, file: StoredFile): Json {
  return { ...baseJson(eyes, file), ...nameOf(file) };
}

function nameOf(file: StoredFile): Json {
  const name = fileName(file);
  return name === undefined ? {} : { file_name: name };
}

function baseJson({ bot }: Eyes, file: StoredFile): Json {
  const { thumb } = file;
  return {
    file_id: fileId(bot.id, file),
    file_unique_id: uniqueId(file),
    file_size: file.size,
    mime_type: file.mimeType,
    ...(thumb
      ? {
          thumbnail: {
            file_id: fileId(bot.id, file, 0, true),
            file_unique_id: uniqueId(file, 0, true),
            file_size: thumb.length,
            width: 90,
            height: 90,
          },
        }
      : {}),
  };
}

function titles(audio: Tl | undefined): Json {
  const title = audio?.['title'];
  const performer = audio?.['performer'];
  return { ...(title ? { title } : {}), ...(performer ? { performer } : {}) };
}
