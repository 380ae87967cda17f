/** Random ids for Telegram, derived so that repeating a send repeats them. */

import { createHash } from 'node:crypto';

/** One decimal, positive 63-bit id per position of a delivery. The key: delivery id and position. */
export function randomIdsOf(deliveryId: string, count: number): string[] {
  return Array.from({ length: count }, (_, position) => randomIdOf(deliveryId, String(position)));
}

/** A decimal, positive 63-bit id from a key; never 0, which Telegram refuses. */
export function randomIdOf(...key: string[]): string {
  const digest = createHash('sha256').update(key.join('\0')).digest();
  const id = digest.readBigUInt64BE(0) >> 1n;
  return (id === 0n ? 1n : id).toString();
}
