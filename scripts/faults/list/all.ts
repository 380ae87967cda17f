/** The named list, in the order of the table. */

import { hasRedisServer } from '../../../test/support/redis-server.js';
import type { Fault } from './fault.js';
import { houseFaults } from './house.js';
import { pairs } from './pairs.js';
import { peopleFaults } from './people.js';
import { wireFaults } from './wire.js';

const nothing: Fault = {
  name: 'none',
  what: 'nothing goes wrong',
  lastsMs: 2000,
  begin: () => () => undefined,
  short: true,
};

export const faults: readonly Fault[] = [nothing, ...wireFaults, ...houseFaults, ...peopleFaults, ...pairs];

/** Why this one can not be run on this machine; undefined: it can. */
export function obstacle({ house }: Fault): string | undefined {
  return house === 'redis' && !hasRedisServer ? 'no redis-server on the PATH' : undefined;
}
