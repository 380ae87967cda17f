import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { DH_G, DH_PRIME } from '../../crypto/dh.js';
import { fromBig, toBig } from '../../crypto/numbers.js';

/** One SRP exchange as the server keeps it (core.telegram.org/api/srp). */
export interface SrpChallenge {
  readonly id: bigint;
  readonly salt1: Buffer;
  readonly salt2: Buffer;
  /** Public value, 256 bytes. */
  readonly B: Buffer;
  readonly secret: bigint;
  readonly verifier: bigint;
}

const P = fromBig(DH_PRIME);
const G = toBig(BigInt(DH_G), 256);

/** Starts an exchange for a password kept in clear. */
export function challenge(password: string): SrpChallenge {
  const salt1 = randomBytes(8);
  const salt2 = randomBytes(16);
  const x = fromBig(passwordHash(Buffer.from(password), salt1, salt2));
  const verifier = power(BigInt(DH_G), x);
  const secret = fromBig(randomBytes(256));
  const k = fromBig(sha256(DH_PRIME, G));
  const B = toBig((k * verifier + power(BigInt(DH_G), secret)) % P, 256);
  return { id: randomBytes(8).readBigInt64LE(), salt1, salt2, B, secret, verifier };
}

/** Whether the client knows the password. */
export function proves(own: SrpChallenge, A: Buffer, M1: Buffer): boolean {
  const a = fromBig(A);
  if (a <= 1n || a >= P - 1n) return false;
  const padded = toBig(a, 256);
  const u = fromBig(sha256(padded, own.B));
  const S = power((a * power(own.verifier, u)) % P, own.secret);
  const K = sha256(toBig(S, 256));
  const mixed = sha256(DH_PRIME).map((byte, index) => byte ^ (sha256(G)[index] ?? 0));
  const expected = sha256(Buffer.from(mixed), sha256(own.salt1), sha256(own.salt2), padded, own.B, K);
  return expected.equals(M1);
}

/** PH2 of the documentation. */
function passwordHash(password: Buffer, salt1: Buffer, salt2: Buffer): Buffer {
  const salted = (data: Buffer, salt: Buffer): Buffer => sha256(salt, data, salt);
  const first = salted(salted(password, salt1), salt2);
  return salted(pbkdf2Sync(first, salt1, 100_000, 64, 'sha512'), salt2);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
