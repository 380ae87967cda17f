/** The first connection of a login has a bound, because a person or a start waits for it. A running session reconnects for ever. */

import { GatewayError } from '../domain/errors.js';
import type { Clock } from '../ports/runtime.js';
import type { Client } from '../telegram/rpc/client.js';

const withinMs = 15_000;

/**
 * The client, once it has spoken to Telegram. Call it in the turn that made the client. Throws TELEGRAM_UNREACHABLE after 15 s
 * and LOGIN_CANCELLED when the signal is aborted; the client is closed then.
 */
export async function firstContact<C extends Pick<Client, 'onEvent' | 'close'>>(
  client: C,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<C> {
  let reason = 'no answer';
  const over = new AbortController();
  const connected = new Promise<boolean>((resolve) => {
    client.onEvent((event) => {
      if (event.type === 'connected') resolve(true);
      if (event.type === 'disconnected') reason = event.reason;
      if (event.type === 'dead') {
        reason = event.reason;
        resolve(false);
      }
    });
  });
  const tooLate = clock
    .sleep(withinMs, signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]))
    .then(() => false);
  const isUp = await Promise.race([connected, tooLate]);
  over.abort();
  if (isUp) return client;
  await client.close();
  throw signal?.aborted === true
    ? new GatewayError('LOGIN_CANCELLED')
    : new GatewayError('TELEGRAM_UNREACHABLE', reason);
}
