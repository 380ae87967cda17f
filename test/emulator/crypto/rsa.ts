import { constants, createPrivateKey, createPublicKey, privateDecrypt, type KeyObject } from 'node:crypto';
import { Writer } from '../schema/bytes.js';
import { sha1, sha256 } from './hash.js';
import { igeDecrypt } from './ige.js';
import { fromBig, toBig } from './numbers.js';

/** What a client must know to shake hands with this server. */
export interface PublicKey {
  /** SPKI. */
  readonly pem: string;
  readonly n: bigint;
  readonly e: number;
  /** Lower 64 bits of SHA-1 over the key's TL form, signed as in `resPQ`. */
  readonly fingerprint: bigint;
}

/** The server's RSA key (2048 bits). */
export class RsaKey {
  readonly publicKey: PublicKey;
  private readonly key: KeyObject;

  constructor(pem: string) {
    this.key = createPrivateKey(pem);
    const open = createPublicKey(this.key);
    const { n = '', e = '' } = open.export({ format: 'jwk' });
    const modulus = Buffer.from(n, 'base64url');
    const exponent = Buffer.from(e, 'base64url');
    const to = new Writer();
    to.bytes(modulus);
    to.bytes(exponent);
    this.publicKey = {
      pem: open.export({ format: 'pem', type: 'spki' }).toString(),
      n: fromBig(modulus),
      e: Number(fromBig(exponent)),
      fingerprint: sha1(to.done()).readBigInt64LE(12),
    };
  }

  /**
   * Opens `encrypted_data` of req_DH_params: RSA_PAD, or the older SHA-1 form.
   * The data may be followed by padding. Undefined: neither form fits.
   */
  open(encrypted: Buffer): Buffer | undefined {
    if (encrypted.length !== 256) return undefined;
    if (fromBig(encrypted) >= this.publicKey.n) return undefined;
    const opened = privateDecrypt({ key: this.key, padding: constants.RSA_NO_PADDING }, encrypted);
    const padded = toBig(fromBig(opened), 256);
    return openPad(padded) ?? openSha1(padded);
  }
}

/** RSA_PAD (https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication, step 4.1). */
function openPad(block: Buffer): Buffer | undefined {
  const aes = block.subarray(32);
  const key = xor(block.subarray(0, 32), sha256(aes));
  const withHash = igeDecrypt(aes, key, Buffer.alloc(32));
  const data = Buffer.from(withHash.subarray(0, 192)).reverse();
  return sha256(key, data).equals(withHash.subarray(192)) ? data : undefined;
}

/** The form before 2021: SHA-1, data, random padding in 255 bytes; the data's length is that of its object. */
function openSha1(block: Buffer): Buffer | undefined {
  if (block[0] !== 0) return undefined;
  const hash = block.subarray(1, 21);
  const data = block.subarray(21);
  for (let length = 4; length <= data.length; length += 4)
    if (sha1(data.subarray(0, length)).equals(hash)) return data.subarray(0, length);
  return undefined;
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}
