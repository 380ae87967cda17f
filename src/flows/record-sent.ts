/** A send of ours got its id from Telegram's own record: the answer of the call had been lost, or came first and this repeats it. */

import type { Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';

interface Deps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs'>;
  readonly queue: Pick<Queue, 'add'>;
}

/** Writes the id where the random id is known: on a delivery, or on the dialog whose topic was being made. */
export async function recordSent(deps: Deps, sent: { randomId: string; msgId: number }): Promise<void> {
  const found = await deps.store.deliveries.byRandomId(sent.randomId);
  if (found !== undefined) {
    await deps.store.deliveries.recordSent(found.delivery.id, found.position, sent.randomId, sent.msgId);
    if (found.delivery.state === 'unknown') await deps.queue.add(wakeUp(found.delivery));
    return;
  }
  const dialog = await deps.store.dialogs.byTopicRandomId(sent.randomId);
  if (dialog !== undefined) await deps.store.dialogs.openTopic(dialog.id, sent.randomId, sent.msgId);
}
