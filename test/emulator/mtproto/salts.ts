import { createHash } from 'node:crypto';
import type { Tl } from '../types.js';

/** Each salt begins every half hour and lives for one. */
const STEP = 1800;
const LIFE = 3600;

/** Server salts, computed instead of kept: a function of the key, the half hour and the generation. */
export interface Salted {
  readonly id: Buffer;
  /** Raised to make all earlier salts wrong. */
  saltGeneration: number;
  /** The salt that the handshake agreed on, good for an hour of generation 0. */
  readonly firstSalt?: { readonly salt: bigint; readonly until: number };
}

/** The salt of now (Unix ms). */
export function currentSalt(key: Salted, now: number): bigint {
  return saltOf(key, slotAt(now));
}

export function saltFits(key: Salted, salt: bigint, now: number): boolean {
  const slot = slotAt(now);
  if (salt === saltOf(key, slot) || salt === saltOf(key, slot - 1)) return true;
  const first = key.firstSalt;
  return first !== undefined && key.saltGeneration === 0 && salt === first.salt && now < first.until;
}

/** `future_salts.salts`: the present one and those after it. */
export function futureSalts(key: Salted, count: number, now: number): Tl[] {
  const slot = slotAt(now);
  return Array.from({ length: Math.min(Math.max(count, 1), 64) }, (_, at) => ({
    _: 'future_salt',
    valid_since: (slot + at) * STEP,
    valid_until: (slot + at) * STEP + LIFE,
    salt: saltOf(key, slot + at),
  }));
}

function slotAt(now: number): number {
  return Math.floor(now / 1000 / STEP);
}

function saltOf(key: Salted, slot: number): bigint {
  const hash = createHash('sha256').update(key.id);
  return hash.update(`${slot}/${key.saltGeneration}`).digest().readBigInt64LE(0);
}
