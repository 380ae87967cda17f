/** What the file system refuses, as one sentence. */

import { GatewayError } from '../../domain/errors.js';

/** USAGE for an error of the file system about `file`; anything else is left as it is. */
export function fileError(thrown: unknown, file: string): unknown {
  if (thrown instanceof GatewayError || !(thrown instanceof Error)) return thrown;
  if (!('syscall' in thrown) || !('code' in thrown)) return thrown;
  if (thrown.code === 'EEXIST')
    return new GatewayError(
      'USAGE',
      `The file ${file} exists already; give another name, or --force to replace it.`,
    );
  return new GatewayError(
    'USAGE',
    `The file ${file} cannot be used (${String(thrown.code)}); give another one.`,
    {
      cause: thrown,
    },
  );
}
