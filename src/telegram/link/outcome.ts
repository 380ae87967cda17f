/** How an attempt or a connection came to its end, and what follows for the next one. */

import type { GatewayError } from '../../domain/errors.js';
import { deathReason, floodSeconds } from '../rpc/errors.js';
import type { DeathReason } from './link.js';
import type { SessionEnd } from './session.js';

export type Outcome = SessionEnd | { readonly type: 'failed'; readonly error: GatewayError };

const KEY_UNKNOWN = 404;

/** For the log and whoever waits for the connection. */
export function reasonOf(outcome: Outcome): string {
  if (outcome.type === 'transport') return `transport ${outcome.code}`;
  if (outcome.type !== 'failed') return outcome.type;
  const seconds = floodSeconds(outcome.error);
  return seconds === undefined ? outcome.error.detail : `flood wait ${seconds}`;
}

/** Telegram has answered the first call with this pause: dialling earlier would only make it longer. */
export function pauseMsOf(outcome: Outcome): number {
  return outcome.type === 'failed' ? (floodSeconds(outcome.error) ?? 0) * 1000 : 0;
}

/** Telegram's word in answer to the first call that the session is over. */
export function deathOf(outcome: Outcome): DeathReason | undefined {
  return outcome.type === 'failed' ? deathReason(outcome.error) : undefined;
}

/** Whoever listens at this address does not know our key. */
export function isKeyUnknown(outcome: Outcome): boolean {
  return outcome.type === 'transport' && outcome.code === KEY_UNKNOWN;
}
