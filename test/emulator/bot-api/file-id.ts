import type { StoredFile } from '../world/files.js';
import { extensionOf, kindOf, type FileKind } from './render/file-kind.js';

/** What a file_id says. `thumb` is the preview of the file, not the file. */
export interface FileRef {
  fileId: bigint;
  botId: number;
  /** Which of the sizes of a photo. */
  size: number;
  thumb: boolean;
}

const LETTERS: Readonly<Record<FileKind, string>> = {
  photo: 'A',
  video: 'B',
  animation: 'C',
  document: 'D',
  audio: 'E',
  voice: 'F',
  video_note: 'G',
  sticker: 'H',
};

const THUMB = 1;

/** A file_id is good for one bot only; `size` tells the sizes of one photo apart. */
export function fileId(botId: number, file: StoredFile, size = 0, thumb = false): string {
  const bytes = Buffer.alloc(18);
  bytes.writeBigUInt64BE(file.id, 0);
  bytes.writeBigUInt64BE(BigInt(botId), 8);
  bytes[16] = size;
  bytes[17] = thumb ? THUMB : 0;
  return `${LETTERS[kindOf(file)]}gAC${bytes.toString('base64url')}`;
}

/** The same for every bot. */
export function uniqueId(file: StoredFile, size = 0, thumb = false): string {
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(file.id, 0);
  bytes[8] = size * 2 + (thumb ? 1 : 0);
  return `AQAD${bytes.toString('base64url')}`;
}

/** Undefined for a text that no file_id of ours has. */
export function parseFileId(text: string): FileRef | undefined {
  const bytes = Buffer.from(text.slice(4), 'base64url');
  if (text.slice(1, 4) !== 'gAC' || bytes.length !== 18) return undefined;
  return {
    fileId: bytes.readBigUInt64BE(0),
    botId: Number(bytes.readBigUInt64BE(8)),
    size: bytes[16] ?? 0,
    thumb: bytes[17] === THUMB,
  };
}

/** Where the file is downloaded, under `/file/bot<token>/`. */
export function filePath(file: StoredFile, thumb: boolean): string {
  const folder = thumb ? 'thumbnails' : `${kindOf(file)}s`;
  return `${folder}/file_${file.id}${thumb ? '.jpg' : extensionOf(file)}`;
}

/** Undefined for a path that `filePath` has not made. */
export function parseFilePath(path: string): { fileId: bigint; thumb: boolean } | undefined {
  const found = /^([a-z_]+)\/file_(\d+)(?:\.\w+)?$/.exec(path);
  return found?.[2] ? { fileId: BigInt(found[2]), thumb: found[1] === 'thumbnails' } : undefined;
}
