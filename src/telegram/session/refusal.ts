/** How Telegram's refusals read for us. */

import { GatewayError, asGatewayError } from '../../domain/errors.js';

/** Telegram's own code and name (`420 FLOOD_WAIT_17`), as the rpc client throws it. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** The refusal in a thrown value; undefined for lost answers and everything that is not Telegram's word. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('text' in thrown)) return undefined;
  const { code, text } = thrown;
  return typeof code === 'number' && typeof text === 'string' ? { code, text } : undefined;
}

/** After these only a new login helps; asking again would be a storm. −404: Telegram does not know the key. */
const dead = new Set([
  'AUTH_KEY_UNREGISTERED',
  'AUTH_KEY_INVALID',
  'AUTH_KEY_DUPLICATED',
  'SESSION_REVOKED',
  'SESSION_EXPIRED',
  'USER_DEACTIVATED',
  'USER_DEACTIVATED_BAN',
]);

/** Why the session is over for good; undefined while it may live. */
export function deathOf(thrown: unknown): GatewayError | undefined {
  if (thrown instanceof GatewayError) return thrown.code === 'SESSION_DEAD' ? thrown : undefined;
  const refusal = refusalOf(thrown);
  if (refusal === undefined) return undefined;
  if (refusal.code === -404) return new GatewayError('SESSION_DEAD', 'the key is unknown there');
  return dead.has(refusal.text) ? new GatewayError('SESSION_DEAD', refusal.text) : undefined;
}

/** Seconds that Telegram asks us to wait; undefined for any other error. */
export function floodSeconds(thrown: unknown): number | undefined {
  const text = refusalOf(thrown)?.text;
  const seconds = /^FLOOD_(?:PREMIUM_)?WAIT_(\d+)$/.exec(text ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Any error of a call as ours; names of refusals carry no secret. */
export function failureOf(thrown: unknown): GatewayError {
  const death = deathOf(thrown);
  if (death !== undefined) return death;
  const seconds = floodSeconds(thrown);
  if (seconds !== undefined) return new GatewayError('FLOOD_WAIT', seconds.toString());
  const text = refusalOf(thrown)?.text;
  if (text === undefined) return asGatewayError(thrown);
  if (text.startsWith('API_ID_')) {
    return new GatewayError(
      'CONFIG_INVALID',
      `Telegram does not accept TELEGRAM_API_ID and TELEGRAM_API_HASH (${text}); copy both from my.telegram.org.`,
    );
  }
  return new GatewayError('TELEGRAM_REFUSED', text);
}
