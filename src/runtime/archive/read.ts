/** An archive's contents, authenticated piece by piece. */

import { open, type FileHandle } from 'node:fs/promises';
import type { NamedKey } from '../keyring.js';
import { openChunk, sealedBytes } from './chunks.js';
import { fileError } from './file-error.js';
import { archiveKeyOf, longestHeaderBytes } from './header.js';

/**
 * What `writeArchive` was given, in pieces of its own. Each piece is genuine; that the archive is whole is known when the iteration
 * has ended. Throws USAGE for a file that cannot be read, ARCHIVE_KEY, VERSION_TOO_OLD, ARCHIVE_DAMAGED.
 */
export async function* readArchive(
  file: string,
  keys: readonly NamedKey[],
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file);
  });
  try {
    const { size } = await handle.stat();
    const archive = archiveKeyOf(await bytesAt(handle, 0, Math.min(size, longestHeaderBytes)), keys);
    let at = archive.header.length;
    let isLast = false;
    for (let number = 0; !isLast; number++) {
      isLast = size - at <= sealedBytes;
      const sealed = await bytesAt(handle, at, isLast ? size - at : sealedBytes);
      yield openChunk(archive, number, isLast, sealed);
      at += sealed.length;
    }
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await handle.close();
  }
}

/** Fewer where the file has shrunk meanwhile. */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
