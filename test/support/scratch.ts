/** A throw-away directory for a test's data: in memory where the machine has such a place, since tests flush often and prove no disk. */

import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function scratchDirectory(): string {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return mkdtempSync(join(place, 'understudy-'));
}
