import type { Tl } from '../../types.js';
import type { StoredFile } from '../../world/files.js';
import type { Account, Media } from '../../world/model.js';
import { accessHash, fileReference } from '../hashes.js';

/** TL MessageMedia with the viewer's own hashes and references. */
export function mediaTl(viewer: Account, media: Media): Tl {
  switch (media.kind) {
    case 'plain':
      return media.tl;
    case 'photo':
      return {
        _: 'messageMediaPhoto',
        photo: photoTl(viewer, media.file),
        ...(media.spoiler ? { spoiler: true } : {}),
      };
    case 'document':
      return {
        _: 'messageMediaDocument',
        document: documentTl(viewer, media.file),
        ...(media.spoiler ? { spoiler: true } : {}),
        ...kindFlags(media.file),
      };
  }
}

/** Two sizes, both with the whole content: clients take the largest. */
export function photoTl(viewer: Account, file: StoredFile): Tl {
  const { width, height, size } = file;
  const shrink = Math.min(1, 320 / Math.max(width, height, 1));
  return {
    _: 'photo',
    id: file.id,
    access_hash: accessHash(viewer.id, 'file', file.id),
    file_reference: fileReference(viewer.id, file),
    date: file.date,
    dc_id: file.dc,
    sizes: [
      {
        _: 'photoSize',
        type: 'm',
        w: Math.max(1, Math.round(width * shrink)),
        h: Math.max(1, Math.round(height * shrink)),
        size,
      },
      { _: 'photoSize', type: 'x', w: width, h: height, size },
    ],
  };
}

export function documentTl(viewer: Account, file: StoredFile): Tl {
  return {
    _: 'document',
    id: file.id,
    access_hash: accessHash(viewer.id, 'file', file.id),
    file_reference: fileReference(viewer.id, file),
    date: file.date,
    mime_type: file.mimeType,
    size: BigInt(file.size),
    dc_id: file.dc,
    attributes: file.attributes,
    ...(file.thumb ? { thumbs: [{ _: 'photoSize', type: 'm', w: 90, h: 90, size: file.thumb.length }] } : {}),
  };
}

/** Flags that repeat what the attributes say. */
function kindFlags(file: StoredFile): Partial<Tl> {
  const video = file.attributes.find((attribute) => attribute._ === 'documentAttributeVideo');
  const audio = file.attributes.find((attribute) => attribute._ === 'documentAttributeAudio');
  const round = video?.['round_message'] === true;
  return {
    ...(video && !round ? { video: true } : {}),
    ...(round ? { round: true } : {}),
    ...(audio?.['voice'] === true ? { voice: true } : {}),
  };
}
