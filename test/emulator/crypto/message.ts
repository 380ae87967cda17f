import { randomBytes } from 'node:crypto';
import { sha1, sha256 } from './hash.js';
import { igeDecrypt, igeEncrypt } from './ige.js';

/** Which half of the key a side uses: the server writes with 8 and reads with 0, a client the other way round. */
export type Side = 0 | 8;
export const FROM_CLIENT: Side = 0;
export const FROM_SERVER: Side = 8;

/** Lower 64 bits of SHA-1 of the auth key, as they stand in packets. */
export function keyIdOf(key: Buffer): Buffer {
  return sha1(key).subarray(12, 20);
}

/** MTProto 2.0 (https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector). */
export function seal(key: Buffer, keyId: Buffer, plain: Buffer, side: Side = FROM_SERVER): Buffer {
  const padding = randomBytes(12 + ((16 - ((plain.length + 12) % 16)) % 16));
  const padded = Buffer.concat([plain, padding]);
  const msgKey = msgKeyOf(key, padded, side);
  const { aesKey, iv } = aesOf(key, msgKey, side);
  return Buffer.concat([keyId, msgKey, igeEncrypt(padded, aesKey, iv)]);
}

/** The plain text of a packet, padding included. Undefined: the msg_key doesn't fit. */
export function unseal(key: Buffer, packet: Buffer, side: Side = FROM_CLIENT): Buffer | undefined {
  const sealed = packet.subarray(24);
  if (sealed.length === 0 || sealed.length % 16 !== 0) return undefined;
  const msgKey = packet.subarray(8, 24);
  const { aesKey, iv } = aesOf(key, msgKey, side);
  const plain = igeDecrypt(sealed, aesKey, iv);
  return msgKeyOf(key, plain, side).equals(msgKey) ? plain : undefined;
}

function msgKeyOf(key: Buffer, padded: Buffer, side: Side): Buffer {
  return sha256(key.subarray(88 + side, 120 + side), padded).subarray(8, 24);
}

function aesOf(key: Buffer, msgKey: Buffer, side: Side): { aesKey: Buffer; iv: Buffer } {
  const a = sha256(msgKey, key.subarray(side, 36 + side));
  const b = sha256(key.subarray(40 + side, 76 + side), msgKey);
  return {
    aesKey: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  };
}
