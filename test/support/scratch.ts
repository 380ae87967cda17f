/**
 * A throw-away directory for a test's data: in memory where the machine has such a place, since tests flush often and prove no disk.
 * `SCRATCH_DIR` names another place: who may have to end the tests at once also removes what they leave there.
 */

import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function scratchDirectory(): string {
  const place = process.env['SCRATCH_DIR'] ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
  return mkdtempSync(join(place, 'understudy-'));
}
