/**
 * An archive's contents as sealed chunks of one size, but for the last. The nonce of a chunk is its number and whether it is the last
 * one: a chunk that was moved, left out, doubled or added does not open, and neither does an archive that ends too early.
 */

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { GatewayError } from '../../domain/errors.js';
import type { ArchiveKey } from './header.js';

export const plainBytes = 64 * 1024;
const tagBytes = 16;
/** Of every chunk in the file but the last. */
export const sealedBytes = plainBytes + tagBytes;

const algorithm = 'aes-256-gcm';

export function sealChunk({ key }: ArchiveKey, number: number, isLast: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(algorithm, key, nonceOf(number, isLast), { authTagLength: tagBytes });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws ARCHIVE_DAMAGED. */
export function openChunk(archive: ArchiveKey, number: number, isLast: boolean, sealed: Buffer): Buffer {
  const plain = opened(archive, number, isLast, sealed);
  if (plain !== undefined) return plain;
  // At the end of the file, but not made as the last one.
  const isCut = isLast && opened(archive, number, false, sealed) !== undefined;
  throw new GatewayError(
    'ARCHIVE_DAMAGED',
    isCut ? 'its end is missing' : `part ${number} of it is altered or cut off`,
  );
}

function opened({ key }: ArchiveKey, number: number, isLast: boolean, sealed: Buffer): Buffer | undefined {
  if (sealed.length < tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, nonceOf(number, isLast), { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return undefined;
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
