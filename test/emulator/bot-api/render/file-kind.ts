import { extname } from 'node:path';
import type { Tl } from '../../types.js';
import type { StoredFile } from '../../world/files.js';

export type FileKind =
  'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video_note' | 'sticker';

/** What a file is to people, read from its attributes as clients do. */
export function kindOf(file: StoredFile): FileKind {
  if (file.kind === 'photo') return 'photo';
  if (attribute(file, 'documentAttributeSticker')) return 'sticker';
  if (attribute(file, 'documentAttributeAnimated')) return 'animation';
  const video = attribute(file, 'documentAttributeVideo');
  if (video) return video['round_message'] === true ? 'video_note' : 'video';
  const audio = attribute(file, 'documentAttributeAudio');
  if (audio) return audio['voice'] === true ? 'voice' : 'audio';
  return 'document';
}

export function attribute(file: StoredFile, name: string): Tl | undefined {
  return file.attributes.find((one) => one._ === name);
}

export function fileName(file: StoredFile): string | undefined {
  const name = attribute(file, 'documentAttributeFilename')?.['file_name'];
  return typeof name === 'string' ? name : undefined;
}

/** With its dot; empty when nothing tells. */
export function extensionOf(file: StoredFile): string {
  const own = extname(fileName(file) ?? '');
  if (/^\.\w+$/.test(own)) return own;
  return EXTENSIONS[file.mimeType] ?? '';
}

/** MIME type by a file's name. */
export function mimeTypeOf(name: string): string {
  const extension = extname(name).toLowerCase();
  const found = Object.entries(EXTENSIONS).find(([, one]) => one === extension);
  return found?.[0] ?? 'application/octet-stream';
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'video/mp4': '.mp4',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.ogg',
  'audio/mp4': '.m4a',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'text/plain': '.txt',
  'application/json': '.json',
};
