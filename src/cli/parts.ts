/** What every command is given. */

import type { KeyFile } from '../config/secrets.js';
import { readSettings, type Settings } from '../config/settings.js';
import type { Clock, Log } from '../ports/runtime.js';
import { systemClock } from '../runtime/clock.js';
import { openLog } from '../runtime/log.js';

export interface CommandParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the person gives up. */
  readonly signal?: AbortSignal;
}

/** Reads the variables. Throws CONFIG_INVALID. */
export function commandParts(keyFile?: KeyFile): CommandParts {
  // Whoever types a command reads sentences: of the log only what somebody must act on.
  return {
    settings: readSettings(process.env, keyFile),
    clock: systemClock,
    log: openLog({ level: 'error', clock: systemClock }),
  };
}
