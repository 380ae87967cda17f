/** Something was put right: the rows that waited for it are tried now, instead of when their time has come. */

import type { ErrorCode } from '../domain/errors.js';
import { isDesk, type OwnerId, type Peer } from '../domain/ids.js';
import type { Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { wakeOpenLanes } from './open-lanes.js';

/** Conditions that somebody in the group must put right. */
const ofGroup: readonly ErrorCode[] = ['GROUP_RIGHTS', 'GROUP_UNKNOWN', 'GROUP_NOT_FORUM'];
/** What a row meets whose sender does not run. */
const ofSession: readonly ErrorCode[] = ['SESSION_DEAD', 'TELEGRAM_UNREACHABLE', 'ANSWER_LOST'];

export interface WakeWaiting {
  /** Our rights, our membership or the group itself has changed. */
  groupChanged(group: Peer): void;
  sessionLive(owner: OwnerId): void;
}

/** What fails here is made up for by the rows' own time. */
export function createWakeWaiting(deps: {
  readonly store: { readonly deliveries: Pick<Store['deliveries'], 'retryNow' | 'openLanes'> };
  readonly queue: Pick<Queue, 'addMany'>;
  readonly clock: Clock;
  readonly log: Log;
}): WakeWaiting {
  const { deliveries } = deps.store;

  function wake(...which: Parameters<typeof deliveries.retryNow>): void {
    deliveries
      .retryNow(...which)
      .then(async (any) => {
        if (any) await wakeOpenLanes(deps, deps.clock.now());
      })
      .catch((error: unknown) => deps.log.warn('waiting-not-woken', {}, error));
  }

  return {
    groupChanged: (group) => wake({ group }, ofGroup),
    sessionLive: (owner) => wake(isDesk(owner) ? {} : { connection: owner }, ofSession),
  };
}
