/** The secret files that people put beside docker-compose.yml. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DESK_TOKEN, secretKey } from '../cli/place.js';
import type { Env } from '../cli/process.js';

/** One per secret of the file, with a line's end as an editor leaves it. */
export function writeSecrets(directory: string): void {
  mkdirSync(directory);
  const texts = {
    api_hash: '0123456789abcdef'.repeat(2),
    service_bot_token: DESK_TOKEN,
    secret_keys: secretKey(),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), `${text}\n`);
}

/** The variables, where secrets lie in this directory instead of /run/secrets. */
export function secretFilesIn(directory: string, env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.startsWith('/run/secrets/') ? join(directory, basename(value)) : value,
    ]),
  );
}
