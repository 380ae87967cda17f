import { createDiffieHellman, randomBytes, type DiffieHellman } from 'node:crypto';
import { toBig } from './numbers.js';

/** Telegram's own 2048-bit safe prime, the one that clients know as good (https://core.telegram.org/mtproto/auth_key). */
export const DH_PRIME = Buffer.from(
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f' +
    '48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37' +
    '20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64' +
    '2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4' +
    'a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754' +
    'fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
    'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f' +
    '0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
  'hex',
);
export const DH_G = 3;

/** Making a group checks the prime for 250 ms: once per process. */
let cached: DiffieHellman | undefined;

function group(): DiffieHellman {
  return (cached ??= createDiffieHellman(DH_PRIME, Buffer.from([DH_G])));
}

/** The server's half of one exchange. */
export function newExchange(): { readonly secret: Buffer; readonly public: Buffer } {
  const dh = group();
  const secret = randomBytes(255);
  // A group that has a private key keeps it: a fresh one is set, and only the open half derived.
  dh.setPrivateKey(secret);
  return { secret, public: dh.generateKeys() };
}

/** g^ab in 256 bytes. Undefined: the other half is outside 2^1984 … p - 2^1984. */
export function agree(secret: Buffer, other: bigint): Buffer | undefined {
  const prime = BigInt(`0x${DH_PRIME.toString('hex')}`);
  const edge = 1n << 1984n;
  if (other < edge || other > prime - edge) return undefined;
  const dh = group();
  dh.setPrivateKey(secret);
  const shared = dh.computeSecret(toBig(other, 256));
  return Buffer.concat([Buffer.alloc(256 - shared.length), shared]);
}
