/** Random ids for Telegram, derived so that repeating a send repeats them. */

import { createHash } from 'node:crypto';
import type { Delivery } from '../domain/delivery.js';

/** One decimal, positive 63-bit id per position of a delivery. The key: delivery id, position, and how often ids were given up. */
export function randomIdsOf(
  { id, reissued = 0 }: Pick<Delivery, 'id' | 'reissued'>,
  count: number,
): string[] {
  const series = reissued === 0 ? [] : [`reissued-${reissued}`];
  return Array.from({ length: count }, (_, position) => randomIdOf(id, String(position), ...series));
}

/** A decimal, positive 63-bit id from a key; never 0, which Telegram refuses. */
export function randomIdOf(...key: string[]): string {
  const digest = createHash('sha256').update(key.join('\0')).digest();
  const id = digest.readBigUInt64BE(0) >> 1n;
  return (id === 0n ? 1n : id).toString();
}
