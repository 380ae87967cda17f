/** 64-bit numbers: bigint in the link, decimal text in the domain, Long in TL objects. */

import type { tl } from '@mtcute/tl';
import Long from 'long';

/** A TL long with these 64 bits, whatever the sign. */
export function toLong(value: bigint): tl.Long {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  // The schema package names the CommonJS declaration of the very same class.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return Long.fromBits(low, high);
}

/** A TL long of a signed decimal. */
export function long(decimal: string): tl.Long {
  return toLong(BigInt(decimal));
}

export function isLong(value: unknown): value is tl.Long {
  return Long.isLong(value);
}

/** Unsigned: message ids and salts are compared and counted without a sign. */
export function fromLong(value: tl.Long): bigint {
  return (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
}

/** As on the wire. */
export function longBytes(value: tl.Long): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32LE(value.low, 0);
  bytes.writeInt32LE(value.high, 4);
  return bytes;
}
