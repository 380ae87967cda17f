/** The HTTP server of this process, put together. */

import type { Settings } from '../config/settings.js';
import { deskId, type OwnerId } from '../domain/ids.js';
import { openObservation } from '../http/open.js';
import type { OpenedStore } from '../mongo/open.js';
import type { Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import { deskTokensOf } from './desk-tokens.js';

export interface HttpParts {
  readonly settings: Settings;
  readonly store: Pick<OpenedStore, 'figures' | 'holes' | 'connections'>;
  readonly queue: Pick<Queue, 'counts'>;
  /** Aborted when a stop is asked for. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenedHttp {
  /** Undefined where HTTP_LISTEN is `off`. */
  readonly port?: number;
  /** Call it when there is a fleet: whether this process holds a session is asked there. */
  watch(fleet: { holds(owner: OwnerId): boolean }): void;
  /** Call it when the start is finished: until then `/readyz` says that it is not. */
  started(): void;
  close(): Promise<void>;
}

/**
 * Listens on HTTP_LISTEN. Open it early and close it late: it tells of a start and of a stop, too. Throws CONFIG_INVALID, naming
 * HTTP_LISTEN, when the address cannot be had.
 */
export async function openHttp(parts: HttpParts): Promise<OpenedHttp> {
  const { settings, store } = parts;
  const { http } = settings.config;
  if (http.kind === 'off')
    return { watch: () => undefined, started: () => undefined, close: async () => undefined };
  let holds: (owner: OwnerId) => boolean = () => false;
  const observed = await openObservation({
    ...parts,
    listen: http,
    figures: store.figures,
    holes: store.holes,
    connections: store.connections,
    holds: (owner) => holds(owner),
    desks: deskTokensOf(settings.secrets).map(({ token }) => deskId(token.split(':')[0] ?? '')),
  });
  return {
    ...observed,
    watch(fleet) {
      holds = (owner) => fleet.holds(owner);
    },
  };
}
