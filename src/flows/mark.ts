/** 👌 under the operator's message: it has arrived. A mark that Telegram refuses is worth no trouble. */

import { asGatewayError, type ErrorCode } from '../domain/errors.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import type { Act } from './drain.js';

const worthRepeating: ReadonlySet<ErrorCode> = new Set(['FLOOD_WAIT', 'TELEGRAM_UNREACHABLE', 'ANSWER_LOST']);

export interface MarkDeps {
  readonly store: Pick<Store, 'deliveries'>;
  readonly sender: Pick<Sender, 'react'>;
  readonly directory: Directory;
}

export function createMark(deps: MarkDeps): Act {
  return async ({ row }) => {
    const desk = deps.directory.deskOf(row.group);
    const msgId = row.parts[0]?.msgId;
    if (desk !== undefined && msgId !== undefined) {
      try {
        await deps.sender.react({ owner: desk, peer: row.group, msgId, emoji: '👌' });
      } catch (error) {
        if (worthRepeating.has(asGatewayError(error).code)) throw error;
      }
    }
    await deps.store.deliveries.finish(row, 'sent');
    return 'done';
  };
}
