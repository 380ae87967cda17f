/** Photos and documents as our eight kinds of media. */

import type { tl } from '@mtcute/tl';

import type { Media, MediaKind } from '../../domain/content.js';
import { encodeFile } from '../media/file-token.js';
import { flag, present, type Loose } from './present.js';

/** The largest size of a photo; undefined for one that holds no file (expired, deleted). */
export function photoMedia(photo: tl.TypePhoto | undefined, spoiler?: boolean): Media | undefined {
  if (photo?._ !== 'photo') return undefined;
  const largest = photo.sizes
    .map(measured)
    .filter((size) => size !== undefined)
    .reduce<PhotoSize | undefined>(
      (best, size) => (best && area(best) >= area(size) ? best : size),
      undefined,
    );
  if (largest === undefined) return undefined;
  const { id, accessHash, fileReference, dcId } = photo;
  return present<Media>({
    kind: 'photo',
    bytes: largest.bytes,
    file: encodeFile({
      dc: dcId,
      type: 'photo',
      id: id.toString(),
      accessHash: accessHash.toString(),
      fileReference,
      thumbSize: largest.type,
      bytes: largest.bytes,
    }),
    mime: 'image/jpeg',
    width: largest.width,
    height: largest.height,
    spoiler: flag(spoiler),
  });
}

interface PhotoSize {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

function area({ width, height }: PhotoSize): number {
  return width * height;
}

/** Sizes that can be fetched; stripped and path ones are previews inside the message. */
function measured(size: tl.TypePhotoSize): PhotoSize | undefined {
  switch (size._) {
    case 'photoSize':
      return { type: size.type, width: size.w, height: size.h, bytes: size.size };
    case 'photoSizeProgressive':
      return { type: size.type, width: size.w, height: size.h, bytes: size.sizes.at(-1) ?? 0 };
    case 'photoCachedSize':
      return { type: size.type, width: size.w, height: size.h, bytes: size.bytes.length };
    case 'photoSizeEmpty':
    case 'photoStrippedSize':
    case 'photoPathSize':
      return undefined;
  }
}

/** Undefined for a document that holds no file. */
export function documentMedia(document: tl.TypeDocument | undefined, spoiler?: boolean): Media | undefined {
  if (document?._ !== 'document') return undefined;
  const seen = attributesOf(document.attributes);
  const { id, accessHash, fileReference, dcId, mimeType, size } = document;
  return present<Media>({
    kind: kindOf(seen),
    bytes: size,
    file: encodeFile({
      dc: dcId,
      type: 'document',
      id: id.toString(),
      accessHash: accessHash.toString(),
      fileReference,
      bytes: size,
    }),
    mime: mimeType || undefined,
    fileName: seen.fileName,
    ...pictureOf(seen),
    ...soundOf(seen),
    alt: seen.sticker?.alt,
    spoiler: flag(spoiler),
  });
}

function pictureOf({ video, image }: Attributes): Loose<Pick<Media, 'width' | 'height'>> {
  return { width: (video ?? image)?.w, height: (video ?? image)?.h };
}

type Sound = Pick<Media, 'durationS' | 'title' | 'performer' | 'waveform'>;

function soundOf({ video, audio }: Attributes): Loose<Sound> {
  const waveform = audio?.waveform;
  return {
    durationS: video?.duration ?? audio?.duration,
    title: audio?.title,
    performer: audio?.performer,
    waveform: waveform && Buffer.from(waveform).toString('base64'),
  };
}

interface Attributes {
  readonly video: tl.RawDocumentAttributeVideo | undefined;
  readonly audio: tl.RawDocumentAttributeAudio | undefined;
  readonly image: tl.RawDocumentAttributeImageSize | undefined;
  readonly sticker: tl.RawDocumentAttributeSticker | undefined;
  readonly animated: boolean;
  readonly fileName: string | undefined;
}

function attributesOf(list: readonly tl.TypeDocumentAttribute[]): Attributes {
  return {
    video: list.find((a) => a._ === 'documentAttributeVideo'),
    audio: list.find((a) => a._ === 'documentAttributeAudio'),
    image: list.find((a) => a._ === 'documentAttributeImageSize'),
    sticker: list.find((a) => a._ === 'documentAttributeSticker'),
    animated: list.some((a) => a._ === 'documentAttributeAnimated'),
    fileName: list.find((a) => a._ === 'documentAttributeFilename')?.fileName,
  };
}

/** The order matters: a video sticker is also a video, a GIF as well. */
function kindOf({ sticker, animated, video, audio }: Attributes): MediaKind {
  if (sticker !== undefined) return 'sticker';
  if (animated) return 'animation';
  if (video !== undefined) return video.roundMessage === true ? 'video-note' : 'video';
  if (audio !== undefined) return audio.voice === true ? 'voice' : 'audio';
  return 'document';
}
