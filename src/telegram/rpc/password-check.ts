/** Two-step verification: the proof that we know the password (core.telegram.org/api/srp). */

import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import { sha256 } from '../link/cipher.js';
import { isGoodPrime, isInSafeRange, modPow, toBigInt, toBytes } from '../link/number-theory.js';

const derive = promisify(pbkdf2);
const ITERATIONS = 100_000;

/**
 * The answer for auth.checkPassword to what account.getPassword said. The slow hash runs in a thread, the arithmetic in
 * turns of about 20 ms. Throws TELEGRAM_REFUSED where the account has no password or the parameters are unsafe.
 */
export async function computePasswordCheck(
  password: tl.account.RawPassword,
  text: string,
): Promise<tl.RawInputCheckPasswordSRP> {
  const { currentAlgo: algo, srpB, srpId } = password;
  if (srpB === undefined || srpId === undefined) throw refused('no password is set');
  if (algo?._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow')
    throw refused('unknown algorithm');
  if (!(await isGoodPrime(algo.p, algo.g))) throw refused('unsafe prime');
  const p = toBigInt(algo.p);
  const g = BigInt(algo.g);
  const b = toBigInt(srpB);
  if (!isInSafeRange(b, p)) throw refused('unsafe srp_B');

  const x = toBigInt(await hashPassword(Buffer.from(text, 'utf8'), algo));
  const gBytes = toBytes(g, 256);
  const bBytes = toBytes(b, 256);
  const { a, aBytes, u } = await ephemeral(g, p, bBytes);
  const k = toBigInt(sha256(algo.p, gBytes));
  const v = modPow(g, x, p);
  await turn();
  const base = (((b - k * v) % p) + p) % p;
  if (!isInSafeRange(base, p)) throw refused('unsafe srp_B');
  const shared = sha256(toBytes(modPow(base, a + u * x, p), 256));
  const mixed = xor(sha256(algo.p), sha256(gBytes));
  const proof = sha256(mixed, sha256(algo.salt1), sha256(algo.salt2), aBytes, bBytes, shared);
  return { _: 'inputCheckPasswordSRP', srpId, A: aBytes, M1: proof };
}

type Algo = tl.RawPasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow;

async function hashPassword(password: Buffer, { salt1, salt2 }: Algo): Promise<Buffer> {
  const first = salted(salted(password, salt1), salt2);
  return salted(await derive(first, salt1, ITERATIONS, 64, 'sha512'), salt2);
}

function salted(data: Uint8Array, salt: Uint8Array): Buffer {
  return sha256(salt, data, salt);
}

/** Our secret number, its public half, and u, which must not be 0. */
async function ephemeral(
  g: bigint,
  p: bigint,
  bBytes: Buffer,
): Promise<{ a: bigint; aBytes: Buffer; u: bigint }> {
  for (;;) {
    const a = toBigInt(randomBytes(256));
    const publicHalf = modPow(g, a, p);
    await turn();
    const aBytes = toBytes(publicHalf, 256);
    const u = toBigInt(sha256(aBytes, bBytes));
    if (isInSafeRange(publicHalf, p) && u > 0n) return { a, aBytes, u };
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

function refused(what: string): GatewayError {
  return new GatewayError('TELEGRAM_REFUSED', what);
}
