/** Outgoing messages that may be ours: looked at again soon, and after 10 s Telegram is asked which of our sends they are. */

import { isDesk, type OwnerId } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { JournaledEvent } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';

const lookAgainMs = 500;
const askAfterMs = 10_000;

export interface Held {
  /** The row cannot be decided yet: `wake` runs again for its session. */
  wait(row: JournaledEvent): void;
  done(rowId: string): void;
  close(): void;
}

export function createHeld(
  deps: { sender: Pick<Sender, 'resync'>; clock: Clock; log: Log },
  wake: (owner: OwnerId) => void,
): Held {
  const since = new Map<string, number>();
  const timers = new Map<OwnerId, () => void>();

  function ask(owner: OwnerId): void {
    deps.sender.resync(owner).catch((error: unknown) => deps.log.warn('resync-failed', { owner }, error));
  }

  return {
    wait(row) {
      const now = deps.clock.now();
      const first = since.get(row.id) ?? now;
      since.set(row.id, first);
      if (now - first >= askAfterMs && !isDesk(row.owner)) {
        ask(row.owner);
        since.set(row.id, now);
      }
      if (timers.has(row.owner)) return;
      const cancel = deps.clock.setTimer(lookAgainMs, () => {
        timers.delete(row.owner);
        wake(row.owner);
      });
      timers.set(row.owner, cancel);
    },
    done: (rowId) => void since.delete(rowId),
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
