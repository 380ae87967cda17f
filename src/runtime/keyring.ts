import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { GatewayError } from '../domain/errors.js';
import type { KeyRing } from '../ports/runtime.js';

/** A named AES-256 key. The name (`kid`) stands in every text that it sealed. */
export interface NamedKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

const version = 'v1';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The key ring over `keys`; the first seals, all open. A sealed text is `v1.KID.` and base64url of nonce, ciphertext
 * and tag; version, kid and context are authenticated with it. Throws CONFIG_INVALID without a key.
 */
export function createKeyRing(keys: readonly NamedKey[]): KeyRing {
  const [first] = keys;
  if (first === undefined) throw new GatewayError('CONFIG_INVALID', 'SECRET_KEYS needs at least one key.');
  const byKid = new Map(keys.map((key) => [key.kid, key.bytes]));
  return {
    seal: (plain, context) => seal(first, plain, context),
    open(sealed, context) {
      const [given, kid = '', body = ''] = sealed.split('.');
      const key = byKid.get(kid);
      if (given !== version || key === undefined) throw new GatewayError('KEY_WRONG');
      return unseal({ kid, bytes: key }, Buffer.from(body, 'base64url'), context);
    },
  };
}

function seal({ kid, bytes }: NamedKey, plain: Uint8Array, context: string): string {
  // Random nonces are safe to about 2^32 texts of one key; a session is sealed a few times in its life.
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, bytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(header(kid, context));
  const body = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${kid}.${body.toString('base64url')}`;
}

function unseal({ kid, bytes }: NamedKey, body: Buffer, context: string): Uint8Array {
  if (body.length < nonceBytes + tagBytes) throw new GatewayError('KEY_WRONG');
  const decipher = createDecipheriv(algorithm, bytes, body.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(header(kid, context));
  decipher.setAuthTag(body.subarray(body.length - tagBytes));
  try {
    return Buffer.concat([
      decipher.update(body.subarray(nonceBytes, body.length - tagBytes)),
      decipher.final(),
    ]);
  } catch {
    // GCM cannot tell another key from an altered text or another context: all three are refused alike.
    throw new GatewayError('KEY_WRONG');
  }
}

function header(kid: string, context: string): Buffer {
  return Buffer.from(`${version}.${kid}.${context}`);
}
