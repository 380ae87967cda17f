import { createHash } from 'node:crypto';
import type { StoredFile } from '../world/files.js';

/**
 * Access hashes and file references, derived: each account has its own for the same peer or file, so that one taken
 * from another account fails here as it does at Telegram.
 */
export function accessHash(viewerId: number, kind: 'user' | 'channel' | 'file', id: number | bigint): bigint {
  const key = `${viewerId}:${kind}:${id}`;
  const known = derived.get(key);
  if (known !== undefined) return known;
  const hash = digest(key).readBigInt64LE();
  derived.set(key, hash);
  return hash;
}

/** Every push names people: deriving their hashes anew would cost more than the rest of its rendering. */
const derived = new Map<string, bigint>();

/** Ten bytes: a mark, the generation, and eight that only this account's reference has. */
export function fileReference(viewerId: number, file: StoredFile): Buffer {
  const proof = digest(`${viewerId}:reference:${file.id}:${file.generation}`).subarray(0, 8);
  return Buffer.concat([Buffer.from([1, file.generation & 0xff]), proof]);
}

function digest(what: string): Buffer {
  return createHash('sha1').update(`local telegram ${what}`).digest();
}
