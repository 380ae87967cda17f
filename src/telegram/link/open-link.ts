import { GatewayError } from '../../domain/errors.js';
import type { Cancel } from '../../ports/runtime.js';
import type { Link, LinkOptions } from './link.js';
import { PersistentLink } from './persistent-link.js';

export interface OpenOptions extends LinkOptions {
  /** Gives up then (TELEGRAM_UNREACHABLE) and closes; without it the first connection is waited for like every other one. */
  readonly openWithinMs?: number;
}

/** A link, once it is connected for the first time. Throws TELEGRAM_UNREACHABLE or SESSION_DEAD. */
export async function openLink(options: OpenOptions): Promise<Link> {
  const link = new PersistentLink(options);
  let lastReason = 'no answer';
  let cancel: Cancel | undefined;
  const failure = await new Promise<GatewayError | undefined>((resolve) => {
    if (options.openWithinMs !== undefined) {
      cancel = options.clock.setTimer(options.openWithinMs, () => {
        resolve(new GatewayError('TELEGRAM_UNREACHABLE', lastReason));
      });
    }
    link.onEvent((event) => {
      if (event.type === 'connected') resolve(undefined);
      if (event.type === 'disconnected') lastReason = event.reason;
      if (event.type === 'dead') resolve(new GatewayError('SESSION_DEAD', event.reason));
    });
    link.start();
  });
  cancel?.();
  if (failure === undefined) return link;
  await link.close();
  throw failure;
}
