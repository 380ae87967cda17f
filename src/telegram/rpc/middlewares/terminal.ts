import type { DeathReason } from '../../link/link.js';
import { deathReason } from '../errors.js';
import type { Middleware } from './middleware.js';

/**
 * Ends the session when Telegram says that it is over. Before a login AUTH_KEY_UNREGISTERED only says that there was none.
 */
export function terminal(isAuthorised: () => boolean, die: (reason: DeathReason) => void): Middleware {
  return async (request, context, next) => {
    try {
      return await next(request, context);
    } catch (thrown) {
      const reason = deathReason(thrown);
      if (reason !== undefined && (reason !== 'AUTH_KEY_UNREGISTERED' || isAuthorised())) die(reason);
      throw thrown;
    }
  };
}
