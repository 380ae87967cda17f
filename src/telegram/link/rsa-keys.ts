/** Telegram's public keys by fingerprint: the published ones, or the PEM of a custom server. */

import { constants, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto';
import { __publicKeyIndex } from '@mtcute/tl/binary/rsa-keys.js';
import { TlBinaryWriter } from '@mtcute/tl-runtime';
import { GatewayError } from '../../domain/errors.js';
import { sha1 } from './cipher.js';
import { toBigInt } from './number-theory.js';
import type { TelegramServer } from './server.js';

export interface RsaKey {
  /** 64 bits, hexadecimal, as Telegram prints it. */
  readonly fingerprint: string;
  readonly modulus: bigint;
  /** data^e mod n; `data` is 256 bytes below n. */
  encrypt(data: Uint8Array): Buffer;
}

/** The keys that a server of this kind may prove itself with. Throws CONFIG_INVALID for a PEM that is no RSA key. */
export function rsaKeysOf(server: TelegramServer): readonly RsaKey[] {
  if (server.kind === 'custom') return [keyFromPem(server.publicKeyPem)];
  const published = __publicKeyIndex[PUBLISHED[server.kind]];
  if (published === undefined) throw new GatewayError('INTERNAL', 'no published key');
  return [keyFrom(Buffer.from(published.modulus, 'hex'), Buffer.from(published.exponent, 'hex'))];
}

/** Today's key of each server (TDLib, PublicRsaKeySharedMain); older ones are not accepted any more. */
const PUBLISHED = { production: 'd09d1d85de64fd85', test: 'b25898df208d2603' } as const;

function keyFromPem(pem: string): RsaKey {
  const jwk = readPem(pem)?.export({ format: 'jwk' });
  if (jwk?.n === undefined || jwk.e === undefined) {
    throw new GatewayError('CONFIG_INVALID', 'TELEGRAM_PUBLIC_KEY_FILE holds no RSA public key in PEM.');
  }
  return keyFrom(Buffer.from(jwk.n, 'base64url'), Buffer.from(jwk.e, 'base64url'));
}

function readPem(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function keyFrom(n: Buffer, e: Buffer): RsaKey {
  const key = createPublicKey({
    key: { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') },
    format: 'jwk',
  });
  return {
    fingerprint: fingerprintOf(n, e),
    modulus: toBigInt(n),
    encrypt: (data) => publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, data),
  };
}

/** The lower 64 bits of SHA1 over both numbers as TL bytes, little-endian on the wire. */
function fingerprintOf(n: Buffer, e: Buffer): string {
  const writer = TlBinaryWriter.manual(n.length + e.length + 16);
  writer.bytes(withoutZeros(n));
  writer.bytes(withoutZeros(e));
  return Buffer.from(sha1(writer.result()).subarray(12, 20)).reverse().toString('hex');
}

function withoutZeros(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(Math.max(0, start));
}
