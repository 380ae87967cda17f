/** MTProto 2.0 encryption (core.telegram.org/mtproto/description): AES-IGE in WASM, hashes by Node. */

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getWasmUrl, ige256Decrypt, ige256Encrypt, initSync } from '@mtcute/wasm';

initSync(readFileSync(getWasmUrl()));

export type Direction = 'to-server' | 'from-server';

/** One side of an authorisation key. */
export interface AuthKeyBytes {
  /** 256 bytes. */
  readonly key: Buffer;
  /** Lower 64 bits of SHA1(key), as on the wire. */
  readonly id: Buffer;
}

export function authKeyBytes(key: Uint8Array): AuthKeyBytes {
  const bytes = Buffer.from(key);
  return { key: bytes, id: sha1(bytes).subarray(12, 20) };
}

/** auth_key_id, msg_key and the encrypted, padded plaintext. */
export function seal(auth: AuthKeyBytes, plain: Uint8Array, direction: Direction = 'to-server'): Buffer {
  // 12 to 1024 bytes; a random surplus hides the length.
  const surplus = randomInt(0, 4) * 16;
  const padding = randomBytes(12 + modulo(-(plain.length + 12), 16) + surplus);
  const padded = Buffer.concat([plain, padding]);
  const msgKey = messageKey(auth.key, padded, direction);
  const { key, iv } = deriveKey(auth.key, msgKey, direction);
  return Buffer.concat([auth.id, msgKey, ige256Encrypt(padded, key, iv)]);
}

/** The padded plaintext, or undefined where the key id or msg_key is wrong: nothing of such a packet may be used. */
export function open(
  auth: AuthKeyBytes,
  packet: Buffer,
  direction: Direction = 'from-server',
): Buffer | undefined {
  const encrypted = packet.subarray(24);
  if (encrypted.length === 0 || encrypted.length % 16 !== 0) return undefined;
  if (!packet.subarray(0, 8).equals(auth.id)) return undefined;
  const msgKey = packet.subarray(8, 24);
  const { key, iv } = deriveKey(auth.key, msgKey, direction);
  const plain = asBuffer(ige256Decrypt(encrypted, key, iv));
  return messageKey(auth.key, plain, direction).equals(msgKey) ? plain : undefined;
}

export function sha1(...parts: readonly Uint8Array[]): Buffer {
  return digest('sha1', parts);
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return digest('sha256', parts);
}

export function igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  return asBuffer(ige256Encrypt(data, key, iv));
}

export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  return asBuffer(ige256Decrypt(data, key, iv));
}

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function messageKey(authKey: Buffer, padded: Uint8Array, direction: Direction): Buffer {
  const from = 88 + offsetOf(direction);
  return sha256(authKey.subarray(from, from + 32), padded).subarray(8, 24);
}

function deriveKey(authKey: Buffer, msgKey: Uint8Array, direction: Direction): { key: Buffer; iv: Buffer } {
  const x = offsetOf(direction);
  const a = sha256(msgKey, authKey.subarray(x, x + 36));
  const b = sha256(authKey.subarray(40 + x, 76 + x), msgKey);
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  };
}

function offsetOf(direction: Direction): 0 | 8 {
  return direction === 'to-server' ? 0 : 8;
}

function digest(algorithm: 'sha1' | 'sha256', parts: readonly Uint8Array[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}
