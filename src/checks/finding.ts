/** What one look at the surroundings has found. */

import type { GatewayError } from '../domain/errors.js';

export type Finding =
  | { readonly level: 'fine'; readonly name: string; readonly line: string }
  /** It runs, but somebody should act. `event` names it in the log. */
  | { readonly level: 'warning'; readonly name: string; readonly line: string; readonly event: string }
  /** It must not run like this. */
  | { readonly level: 'fatal'; readonly name: string; readonly error: GatewayError };

/** Further apart, the clocks of two machines disagree about whose lease has run out. */
export const clockToleranceMs = 2_000;

export function fine(name: string, line: string): Finding {
  return { level: 'fine', name, line };
}

export function warning(name: string, event: string, line: string): Finding {
  return { level: 'warning', name, line, event };
}

export function fatal(name: string, error: GatewayError): Finding {
  return { level: 'fatal', name, error };
}

/** `1.2 s` */
export function seconds(ms: number): string {
  return `${(Math.abs(ms) / 1000).toFixed(1)} s`;
}
