/** How a process ends badly: one clear sentence on stderr and the error's exit code; never a stack trace. */

import { asGatewayError } from '../domain/errors.js';

/** Sets the exit code and lets the process end by itself. */
export function tellAndExit(thrown: unknown): void {
  const error = asGatewayError(thrown);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.meaning.exit;
}

/** What nobody caught ends the process at once, as Node would, but in the same words. */
export function tellOfTheUncaught(): void {
  process.once('uncaughtException', (thrown) => {
    tellAndExit(thrown);
    process.exit();
  });
}
