import { createHash } from 'node:crypto';
import type { StoredFile } from '../world/files.js';

/**
 * Access hashes and file references, derived: each account has its own for the same peer or file, so that one taken
 * from another account fails here as it does at Telegram.
 */
export function accessHash(viewerId: number, kind: 'user' | 'channel' | 'file', id: number | bigint): bigint {
  return digest(`${viewerId}:${kind}:${id}`).readBigInt64LE();
}

/** Ten bytes: a mark, the generation, and eight that only this account's reference has. */
export function fileReference(viewerId: number, file: StoredFile): Buffer {
  const proof = digest(`${viewerId}:reference:${file.id}:${file.generation}`).subarray(0, 8);
  return Buffer.concat([Buffer.from([1, file.generation & 0xff]), proof]);
}

function digest(what: string): Buffer {
  return createHash('sha1').update(`local telegram ${what}`).digest();
}
