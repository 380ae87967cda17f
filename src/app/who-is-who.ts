/** Keeps the directory in step with the connection rows, which other processes and commands write too. */

import type { Desk } from '../domain/connection.js';
import type { Directory } from '../flows/directory.js';
import type { Cancel, Clock, Log } from '../ports/runtime.js';
import type { Connections } from '../ports/store.js';
import { every } from './every.js';

const everyMs = 1500;

/** Reads the rows once before it resolves, then again and again until cancelled. A reading that fails leaves what was known. */
export function keepWhoIsWho(parts: {
  readonly connections: Connections;
  readonly desks: readonly Desk[];
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Cancel> {
  const { connections, desks, directory, clock, log } = parts;
  const read = async (): Promise<void> => directory.update(await connections.list(), desks);
  return every(clock, everyMs, read, (error) => log.warn('connections-not-read', {}, error));
}
