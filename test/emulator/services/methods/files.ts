import { createHash } from 'node:crypto';
import { RpcError, type Tl } from '../../types.js';
import { readFile, type StoredFile } from '../../world/files.js';
import type { Signed, SignedAsk } from '../ask.js';
import { bytes, flag, int, long, maybeText, object } from '../fields.js';
import { checkedFile } from '../input-media.js';

const MEBIBYTE = 1_048_576;
const HASH_BLOCK = 131_072;

/** Parts up, slices down (core.telegram.org/api/files). */
export const FILES: Readonly<Record<string, Signed>> = {
  'upload.saveFilePart': savePart,
  'upload.saveBigFilePart': savePart,
  'upload.getFile': getFile,
  'upload.getFileHashes': getFileHashes,
};

function savePart({ world, self, request }: SignedAsk): boolean {
  world.files.savePart(self.id, long(request, 'file_id'), int(request, 'file_part'), bytes(request, 'bytes'));
  return true;
}

function getFile(ask: SignedAsk): Tl {
  const { request } = ask;
  const offset = int(request, 'offset');
  const limit = int(request, 'limit');
  requireAligned(offset, limit, flag(request, 'precise'));
  const location = object(request, 'location');
  const file = located(ask, location);
  const content = wantsThumb(file, location) ? { chunks: [file.thumb ?? Buffer.alloc(0)] } : file;
  return {
    _: 'upload.file',
    type: { _: fileType(file) },
    mtime: file.date,
    bytes: readFile(content, offset, limit),
  };
}

/** Offsets and limits in 4 kB (1 kB if precise), a whole fraction of 1 MB, never across a megabyte's edge. */
function requireAligned(offset: number, limit: number, precise: boolean): void {
  const unit = precise ? 1024 : 4096;
  if (offset < 0 || offset % unit !== 0) throw new RpcError(400, 'OFFSET_INVALID');
  if (limit <= 0 || limit % unit !== 0 || limit > MEBIBYTE) throw new RpcError(400, 'LIMIT_INVALID');
  if (!precise && MEBIBYTE % limit !== 0) throw new RpcError(400, 'LIMIT_INVALID');
  if (Math.floor(offset / MEBIBYTE) !== Math.floor((offset + limit - 1) / MEBIBYTE)) {
    throw new RpcError(400, 'LIMIT_INVALID');
  }
}

/** The file behind a location; 303 FILE_MIGRATE_X when it lies in another DC. */
function located(ask: SignedAsk, location: Tl): StoredFile {
  const kind = location._;
  if (kind !== 'inputDocumentFileLocation' && kind !== 'inputPhotoFileLocation') {
    throw new RpcError(400, `not implemented: ${kind}`);
  }
  const file = checkedFile(ask, location, 'LOCATION_INVALID');
  if (file.dc !== ask.caller.dc && ask.desk.dcs.includes(file.dc)) {
    throw new RpcError(303, `FILE_MIGRATE_${file.dc}`);
  }
  return file;
}

function wantsThumb(file: StoredFile, location: Tl): boolean {
  return file.kind === 'document' && (maybeText(location, 'thumb_size') ?? '') !== '';
}

function getFileHashes(ask: SignedAsk): Tl[] {
  const file = located(ask, object(ask.request, 'location'));
  const offset = int(ask.request, 'offset');
  const start = offset - (offset % HASH_BLOCK);
  const hashes: Tl[] = [];
  for (let at = start; at < Math.min(file.size, start + MEBIBYTE); at += HASH_BLOCK) {
    const block = readFile(file, at, HASH_BLOCK);
    const hash = createHash('sha256').update(block).digest();
    hashes.push({ _: 'fileHash', offset: BigInt(at), limit: block.length, hash });
  }
  return hashes;
}

function fileType({ kind, mimeType }: StoredFile): string {
  if (kind === 'photo' || mimeType === 'image/jpeg') return 'storage.fileJpeg';
  const byMime: Record<string, string> = {
    'image/png': 'storage.filePng',
    'image/gif': 'storage.fileGif',
    'image/webp': 'storage.fileWebp',
    'application/pdf': 'storage.filePdf',
    'audio/mpeg': 'storage.fileMp3',
    'video/mp4': 'storage.fileMp4',
    'video/quicktime': 'storage.fileMov',
  };
  return byMime[mimeType] ?? 'storage.filePartial';
}
