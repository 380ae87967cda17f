/** Decimal text ↔ TL's 64-bit values, signed on the wire. */

import type { tl } from '@mtcute/tl';
import Long from 'long';

/** A TL long of a signed decimal. */
export function long(decimal: string): tl.Long {
  // The schema package names the CommonJS declaration of the very same class.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return Long.fromString(decimal);
}
