/** How a command ends badly: one clear sentence on stderr and the error's exit code. */

import { asGatewayError } from '../domain/errors.js';

/** Sets the exit code and lets the process end by itself; never a stack trace. */
export function tellAndExit(thrown: unknown): void {
  const error = asGatewayError(thrown);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.meaning.exit;
}
