/** The arithmetic of the handshake and of the password check: modular powers, factoring, checks on primes and generators. */

import { checkPrime } from 'node:crypto';
import { promisify } from 'node:util';

const checkPrimeAsync = promisify<Uint8Array, boolean>((bytes, done) => {
  checkPrime(bytes, done);
});

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt('0x' + Buffer.from(bytes).toString('hex'));
}

/** Big-endian, padded with zeros on the left. Throws RangeError if the value needs more bytes. */
export function toBytes(value: bigint, length: number): Buffer {
  const hex = value.toString(16);
  if (hex.length > length * 2) throw new RangeError('number too large');
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

/** About 15 ms for 2048 bits; the caller gives the event loop a turn between two. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  // Four bits at a time: a fifth fewer multiplications than bit by bit.
  const powers = [1n];
  for (let i = 1; i < 16; i++) powers.push(((powers[i - 1] ?? 1n) * (base % modulus)) % modulus);
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    result = (result * (powers[parseInt(digit, 16)] ?? 1n)) % modulus;
  }
  return result;
}

/** The two primes of Telegram's pq (below 2^63), the smaller one first. Gives the event loop turns. */
export async function factorize(pq: bigint): Promise<readonly [bigint, bigint] | undefined> {
  if (pq % 2n === 0n) return [2n, pq / 2n];
  for (let c = 1n; c < 20n; c++) {
    const factor = await pollardBrent(pq, c);
    if (factor !== undefined) {
      const other = pq / factor;
      return factor < other ? [factor, other] : [other, factor];
    }
  }
  return undefined;
}

/** A 2048-bit safe prime with a generator of the large subgroup (core.telegram.org/mtproto/auth_key, "presenting proof"). */
export async function isGoodPrime(prime: Uint8Array, g: number): Promise<boolean> {
  if (prime.length !== 256 || (prime[0] ?? 0) < 128) return false;
  return fitsGenerator(toBigInt(prime), g) && (await isSafePrime(prime));
}

/** True for 2^(2048-64) < value < prime - 2^(2048-64). */
export function isInSafeRange(value: bigint, prime: bigint): boolean {
  const margin = 1n << (2048n - 64n);
  return value > margin && value < prime - margin;
}

/** The prime that Telegram has used since 2013; others are proved once per process. */
const KNOWN_PRIME =
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac9251395' +
  '43aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc49880708' +
  'fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46' +
  '582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f6' +
  '35b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b';
const proved = new Set([KNOWN_PRIME]);

async function isSafePrime(prime: Uint8Array): Promise<boolean> {
  const name = Buffer.from(prime).toString('hex');
  if (proved.has(name)) return true;
  const half = toBytes((toBigInt(prime) - 1n) / 2n, 256);
  const safe = (await checkPrimeAsync(prime)) && (await checkPrimeAsync(half));
  if (safe) proved.add(name);
  return safe;
}

function fitsGenerator(prime: bigint, g: number): boolean {
  const rest = (modulus: bigint) => Number(prime % modulus);
  switch (g) {
    case 2:
      return rest(8n) === 7;
    case 3:
      return rest(3n) === 2;
    case 4:
      return true;
    case 5:
      return [1, 4].includes(rest(5n));
    case 6:
      return [19, 23].includes(rest(24n));
    case 7:
      return [3, 5, 6].includes(rest(7n));
    default:
      return false;
  }
}

async function pollardBrent(n: bigint, c: bigint): Promise<bigint | undefined> {
  let y = 2n;
  for (let length = 1; length < 1 << 22; length *= 2) {
    const x = y;
    for (let done = 0; done < length; done += 256) {
      let product = 1n;
      const before = y;
      for (let i = 0; i < Math.min(256, length - done); i++) {
        y = (y * y + c) % n;
        product = (product * (x > y ? x - y : y - x)) % n;
      }
      const factor = gcd(product, n);
      if (factor === n) return stepByStep(n, c, x, before);
      if (factor > 1n) return factor;
      if (done % 8192 === 0 && done > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return undefined;
}

/** The product of 256 differences hit n itself: look at them one by one. */
function stepByStep(n: bigint, c: bigint, x: bigint, from: bigint): bigint | undefined {
  let y = from;
  for (let i = 0; i < 256; i++) {
    y = (y * y + c) % n;
    const factor = gcd(x > y ? x - y : y - x, n);
    if (factor > 1n) return factor < n ? factor : undefined;
  }
  return undefined;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
