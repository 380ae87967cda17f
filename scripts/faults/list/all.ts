/** The named list, in the order of the table. */

import { hasRedisServer } from '../../../test/support/redis-server.js';
import { databaseKind } from '../services/database.js';
import type { Fault } from './fault.js';
import { houseFaults } from './house.js';
import { pairs } from './pairs.js';
import { peopleFaults } from './people.js';
import { servicesFaults } from './services.js';
import { wireFaults } from './wire.js';

const nothing: Fault = {
  name: 'none',
  what: 'nothing goes wrong',
  lastsMs: 2000,
  begin: () => () => undefined,
  short: true,
};

/** On one process; those of the store and of the queue on a house of their own. */
export const faults: readonly Fault[] = [nothing, ...wireFaults, ...houseFaults, ...peopleFaults, ...pairs];

/** On two processes with a database and a Redis: what befalls these, and everything that needs no house of its own. */
export const faultsOfServices: readonly Fault[] = [
  nothing,
  ...servicesFaults,
  ...faults.filter((fault) => fault !== nothing && fault.house === undefined),
];

/** The quick round: what is particular to several processes. */
export const shortOfServices: readonly Fault[] = [nothing, ...servicesFaults.filter(({ short }) => short)];

/** Why this one can not be run on this machine; undefined: it can. */
export function obstacle({ house, ownDatabase }: Fault, services: boolean): string | undefined {
  if ((services || house === 'redis') && !hasRedisServer) return 'no redis-server on the PATH';
  return ownDatabase === true && databaseKind === 'url'
    ? 'the database at MONGODB_URL is not ours to kill'
    : undefined;
}
