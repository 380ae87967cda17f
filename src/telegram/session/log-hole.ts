/** What happens to a hole, as lines of the log. */
import type { OwnerId } from '../../domain/ids.js';
import type { Log } from '../../ports/runtime.js';
import type { HoleEvent } from '../updates/ports.js';

/** `hole-opened` and `hole-closed` for the record; `hole-lost` for somebody to act on: something may be missing for good. */
export function logHole(log: Log, owner: OwnerId, event: HoleEvent): void {
  switch (event.type) {
    case 'opened': {
      const { _id: hole, box, reason, from, to, afterMsgId } = event.hole;
      log.warn('hole-opened', { owner, hole, box, reason, from, to, afterMsgId });
      return;
    }
    case 'lost':
      log.error('hole-lost', { owner, hole: event.id });
      return;
    case 'closed':
      log.info('hole-closed', { owner, hole: event.id });
  }
}
