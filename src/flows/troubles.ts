/** The team reads in General what its group needs, and when it works again. */

import { plain } from '../domain/content.js';
import type { Delivery } from '../domain/delivery.js';
import type { ErrorCode, GatewayError } from '../domain/errors.js';
import type { Peer } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import { randomIdOf } from './random-ids.js';

export interface Troubles {
  /** A row waits until somebody in its group puts this right; told once until that row has gone. */
  met(row: Delivery, error: GatewayError): void;
  /** The row has gone. */
  over(row: Delivery): void;
}

/** Where we can neither see nor write there is nobody to tell. */
const tellable: ReadonlySet<ErrorCode> = new Set(['GROUP_RIGHTS', 'GROUP_NOT_FORUM']);
const ofGroup: ReadonlySet<ErrorCode> = new Set([...tellable, 'GROUP_UNKNOWN']);

/** Rows that wait try again within 15 s: a trouble that nothing met for so long is over, its row was sent by another process. */
const forgottenMs = 60_000;

/** Notes are sent once and not repeated: when one is lost, the posts that wait or come speak for themselves. */
export function createTroubles(deps: {
  readonly sender: Pick<Sender, 'send'>;
  readonly directory: Pick<Directory, 'deskOf'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}): Troubles {
  /** By group: the row that met the trouble first, and when any row met one last. */
  const open = new Map<Peer, { row: string; code: ErrorCode; metAt: number }>();

  function tell(row: Delivery, key: string, text: string): void {
    const owner = deps.directory.deskOf(row.group);
    if (owner === undefined) return;
    const randomId = randomIdOf(row.id, row.attempts.toString(), key);
    deps.sender
      .send({ owner, peer: row.group, parts: [{ content: { text: plain(text) }, randomId }] })
      .catch((error: unknown) => deps.log.warn('note-not-sent', { delivery: row.id }, error));
  }

  return {
    met(row, error) {
      if (!ofGroup.has(error.code)) return;
      const metAt = deps.clock.now();
      const known = open.get(row.group);
      if (known !== undefined && metAt - known.metAt < forgottenMs && isTold(known, row, error)) {
        open.set(row.group, { ...known, metAt });
        return;
      }
      open.set(row.group, { row: row.id, code: error.code, metAt });
      if (tellable.has(error.code))
        tell(row, error.code, `⚠️ ${error.message} Messages wait until then; none is lost.`);
    },
    over(row) {
      if (open.get(row.group)?.row !== row.id) return;
      open.delete(row.group);
      tell(row, 'over', '✅ This group works again; the messages that waited are here.');
    },
  };
}

/** Another row's trouble was told already; the same row's too, unless it is a new one. */
function isTold(known: { row: string; code: ErrorCode }, row: Delivery, error: GatewayError): boolean {
  return known.row !== row.id || known.code === error.code;
}
