import type { Log } from '../../src/ports/runtime.js';

const nothing = () => undefined;

/** A log for tests that do not look at it. */
export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  child: () => silentLog,
};
