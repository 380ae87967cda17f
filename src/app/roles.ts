/** What this process does: `npm start -- --role sessions,workers`. Everything, where nothing is said. */

import { parseArgs } from 'node:util';
import type { Config } from '../config/config.js';
import { GatewayError } from '../domain/errors.js';

/** `sessions` holds sessions at Telegram and routes what they bring; `workers` sends; `http` answers only requests. */
export type Role = 'sessions' | 'workers' | 'http';

export type Roles = ReadonlySet<Role>;

const everything: readonly Role[] = ['sessions', 'workers', 'http'];

/** Throws USAGE for words that it does not know, CONFIG_INVALID where the rest of the work would be nobody's. */
export function readRoles(argv: readonly string[], config: Pick<Config, 'processes' | 'http'>): Roles {
  const roles = new Set(
    valuesOf(argv)
      .flatMap((value) => value.split(','))
      .flatMap(rolesOf),
  );
  if (roles.size === 0) return new Set(everything);
  if (roles.size < everything.length && config.processes === 'one')
    throw new GatewayError(
      'CONFIG_INVALID',
      '`--role` divides the work between processes, which needs MONGODB_URL and REDIS_URL; set both, or leave `--role` out.',
    );
  if (roles.size === 1 && roles.has('http') && config.http.kind === 'off')
    throw new GatewayError(
      'CONFIG_INVALID',
      '`--role http` has nothing to do with HTTP_LISTEN=off; give an address like HTTP_LISTEN=127.0.0.1:8080.',
    );
  return roles;
}

function valuesOf(argv: readonly string[]): string[] {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { role: { type: 'string', multiple: true } },
      allowPositionals: false,
    });
    return values.role ?? [];
  } catch {
    throw new GatewayError('USAGE', '`npm start` takes only `--role ROLES` after `--`.');
  }
}

function rolesOf(word: string): readonly Role[] {
  if (word === 'all') return everything;
  const role = everything.find((known) => known === word);
  if (role === undefined)
    throw new GatewayError(
      'USAGE',
      '`--role` takes all, sessions, workers or http, several with commas between.',
    );
  return [role];
}
