/**
 * How an archive begins, and what follows from it. A fresh key is derived for every archive from a key of the ring and a random salt,
 * so chunk numbers may serve as nonces: no two archives share a key.
 */

import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../domain/errors.js';
import type { NamedKey } from '../keyring.js';

export interface ArchiveKey {
  /** Begins the file; the archive's key depends on every byte of it. */
  readonly header: Buffer;
  /** AES-256, of this archive only. */
  readonly key: Uint8Array;
}

const product = 'UNDERSTUDY BACKUP ';
/** Of the archive's form; a reader refuses a number that it does not know. */
const magic = Buffer.from(`${product}1\n`);
const saltBytes = 32;
/** Tells a wrong key from a damaged file; HKDF's output says nothing about the rest of it. */
const proofBytes = 16;
const checksumBytes = 8;
export const longestHeaderBytes = magic.length + 1 + 255 + saltBytes + proofBytes + checksumBytes;

/** For a new archive: the ring's first key seals. Throws CONFIG_INVALID without a key. */
export function newArchiveKey([first]: readonly NamedKey[]): ArchiveKey {
  if (first === undefined) throw new GatewayError('CONFIG_INVALID', 'SECRET_KEYS needs at least one key.');
  const kid = Buffer.from(first.kid);
  const named = Buffer.concat([magic, Buffer.from([kid.length]), kid, randomBytes(saltBytes)]);
  const { key, proof } = derive(first, named);
  const unsummed = Buffer.concat([named, proof]);
  return { header: Buffer.concat([unsummed, checksumOf(unsummed)]), key };
}

/**
 * For an archive that begins with these bytes (`longestHeaderBytes`, or the whole file where it is shorter). Throws
 * ARCHIVE_DAMAGED, VERSION_TOO_OLD, and ARCHIVE_KEY with the name of the key that sealed it when that is not in the ring.
 */
export function archiveKeyOf(start: Buffer, ring: readonly NamedKey[]): ArchiveKey {
  if (!start.subarray(0, magic.length).equals(magic)) throw refusal(start);
  const kidEnd = magic.length + 1 + (start[magic.length] ?? 0);
  const namedEnd = kidEnd + saltBytes;
  const end = namedEnd + proofBytes + checksumBytes;
  const header = start.subarray(0, end);
  const unsummed = header.subarray(0, end - checksumBytes);
  const kid = start.subarray(magic.length + 1, kidEnd).toString();
  const isWhole = header.length === end && checksumOf(unsummed).equals(header.subarray(-checksumBytes));
  // The name is shown to people; one that no key can have was put there by hand.
  if (!isWhole || !/^[\w-]{1,32}$/.test(kid))
    throw new GatewayError('ARCHIVE_DAMAGED', 'its beginning is cut off or altered');
  const named = ring.find((one) => one.kid === kid);
  if (named === undefined) throw new GatewayError('ARCHIVE_KEY', kid);
  const { key, proof } = derive(named, start.subarray(0, namedEnd));
  if (!timingSafeEqual(proof, start.subarray(namedEnd, namedEnd + proofBytes)))
    throw new GatewayError('ARCHIVE_KEY', kid);
  return { header, key };
}

/** Magic, name and salt all go into the derivation: altering one of them gives another key. */
function derive({ bytes }: NamedKey, named: Buffer): { key: Buffer; proof: Buffer } {
  const salt = named.subarray(-saltBytes);
  const made = Buffer.from(hkdfSync('sha256', bytes, salt, named.subarray(0, -saltBytes), 32 + proofBytes));
  return { key: made.subarray(0, 32), proof: made.subarray(32) };
}

/** Against accidents only; whoever alters it on purpose fails at the proof or at the first chunk. */
function checksumOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, checksumBytes);
}

function refusal(start: Buffer): GatewayError {
  return start.subarray(0, product.length).equals(Buffer.from(product))
    ? new GatewayError('VERSION_TOO_OLD', 'The archive')
    : new GatewayError('ARCHIVE_DAMAGED', 'it does not begin like a backup of Understudy');
}
