/** Every kind of media as Telegram wants it after an upload. */

import type { tl } from '@mtcute/tl';

import type { Media, MediaKind } from '../../domain/content.js';
import { present } from '../normalise/present.js';

interface Shape {
  /** Name of a file that has none: Telegram goes by its ending. */
  readonly name: string;
  readonly mime: string;
  /** What makes the document this kind; a photo is no document. */
  readonly attributes?: (media: Media) => tl.TypeDocumentAttribute[];
  readonly flags?: { readonly forceFile?: true; readonly nosoundVideo?: true };
}

const shapes: Readonly<Record<MediaKind, Shape>> = {
  photo: { name: 'photo.jpg', mime: 'image/jpeg' },
  document: {
    name: 'file',
    mime: 'application/octet-stream',
    attributes: () => [],
    // Else a picture or film sent "as a file" would turn into a photo or video.
    flags: { forceFile: true },
  },
  video: {
    name: 'video.mp4',
    mime: 'video/mp4',
    attributes: (media) => [video(media, { supportsStreaming: true })],
    // Else a film without sound would turn into an animation.
    flags: { nosoundVideo: true },
  },
  animation: {
    name: 'animation.mp4',
    mime: 'video/mp4',
    attributes: (media) => [{ _: 'documentAttributeAnimated' }, video(media)],
  },
  'video-note': {
    name: 'video.mp4',
    mime: 'video/mp4',
    attributes: (media) => [video(media, { roundMessage: true })],
  },
  audio: { name: 'audio.mp3', mime: 'audio/mpeg', attributes: (media) => [audio(media)] },
  voice: { name: 'voice.ogg', mime: 'audio/ogg', attributes: (media) => [audio(media, { voice: true })] },
  sticker: { name: 'sticker.webp', mime: 'image/webp', attributes: stickerAttributes },
};

/** The name under which its parts are uploaded. */
export function uploadName({ kind, fileName }: Media): string {
  return fileName ?? shapes[kind].name;
}

/** The medium of a send, made of an uploaded file. */
export function uploadedMedia(media: Media, file: tl.TypeInputFile): tl.TypeInputMedia {
  const { spoiler } = media;
  const { mime, attributes, flags } = shapes[media.kind];
  if (attributes === undefined) {
    return present<tl.RawInputMediaUploadedPhoto>({ _: 'inputMediaUploadedPhoto', file, spoiler });
  }
  const name: tl.TypeDocumentAttribute[] =
    media.fileName === undefined ? [] : [{ _: 'documentAttributeFilename', fileName: media.fileName }];
  return present<tl.RawInputMediaUploadedDocument>({
    _: 'inputMediaUploadedDocument',
    file,
    mimeType: media.mime ?? mime,
    attributes: [...attributes(media), ...name],
    spoiler,
    ...flags,
  });
}

function video(
  { durationS = 0, width = 0, height = 0 }: Media,
  flags: { supportsStreaming?: true; roundMessage?: true } = {},
): tl.RawDocumentAttributeVideo {
  return { _: 'documentAttributeVideo', duration: durationS, w: width, h: height, ...flags };
}

function audio(
  { durationS = 0, title, performer, waveform }: Media,
  flags: { voice?: true } = {},
): tl.RawDocumentAttributeAudio {
  return present<tl.RawDocumentAttributeAudio>({
    _: 'documentAttributeAudio',
    // A whole number on the wire, unlike a video's.
    duration: Math.round(durationS),
    title,
    performer,
    waveform: waveform === undefined ? undefined : Buffer.from(waveform, 'base64'),
    ...flags,
  });
}

/** Without its set, which the other account need not own. */
function stickerAttributes(media: Media): tl.TypeDocumentAttribute[] {
  const { width = 512, height = 512, alt = '' } = media;
  return [
    { _: 'documentAttributeSticker', alt, stickerset: { _: 'inputStickerSetEmpty' } },
    media.mime === 'video/webm' ? video(media) : { _: 'documentAttributeImageSize', w: width, h: height },
  ];
}
