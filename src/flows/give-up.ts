/** The end of a row that nobody will ever send. */

import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import type { GatewayError } from '../domain/errors.js';
import { rowId } from '../domain/ids.js';
import type { Clock } from '../ports/runtime.js';
import type { JobAnswer, Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';
import { noticeOf, remarkOf } from './plan.js';

export interface GiveUpDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
}

/** Failed for good: the operator reads why, in reply to what was not delivered. */
export async function giveUp(deps: GiveUpDeps, row: Delivery, error: GatewayError): Promise<JobAnswer> {
  const now = deps.clock.now();
  if (row.kind === 'answer' || row.kind === 'mirror') {
    const dialog = await deps.store.dialogs.get(row.dialog);
    if (dialog !== undefined) {
      const sentence = sentenceOf(row, dialog, error, now);
      await deps.store.deliveries.add([sentence]);
      await deps.queue.add(wakeUp(sentence));
    }
  }
  await deps.store.deliveries.finish(row, 'failed', error.code);
  return 'done';
}

/** An answer's stands in the group where it was written, also when the dialog has moved to another one. */
function sentenceOf(row: Delivery, dialog: Dialog, error: GatewayError, now: number): Delivery {
  const id = rowId(row.id, 'failed');
  const common = { id, lane: id, order: row.order, now, source: row.source };
  const replyTo = row.kind === 'answer' ? row.parts[0]?.msgId : undefined;
  if (replyTo === undefined)
    return noticeOf({ ...common, dialog, text: `⚠️ A message could not be shown here: ${error.message}` });
  const place = { ...dialog, group: row.group };
  const under = { ...common, dialog: place, replyTo, text: `⚠️ Not delivered: ${error.message}` };
  return dialog.group === row.group ? noticeOf(under) : remarkOf(under);
}
