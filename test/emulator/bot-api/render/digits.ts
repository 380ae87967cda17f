import type { TlValue } from '../../types.js';

/** A 64-bit id as the Bot API writes it; empty for anything else. */
export function digits(value: TlValue): string {
  return typeof value === 'bigint' ? value.toString() : '';
}
