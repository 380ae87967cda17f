/** Sends of ours got their ids from Telegram's own record: the answer of a call had been lost, or came first and this repeats it. */

import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import type { Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';

interface Deps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs'>;
  readonly queue: Pick<Queue, 'add'>;
}

/** Who waits for the ids of a stretch of the journal. */
export interface Senders {
  readonly deliveries: ReadonlyMap<string, { delivery: Delivery; position: number }>;
  readonly topics: ReadonlyMap<string, Dialog>;
}

/**
 * Looks for all of them at once: most have been recorded with the answer, and their rows are final. A random id is stored before it
 * is sent, so whoever waits for one that is in the journal is found.
 */
export async function findSenders(
  { deliveries, dialogs }: Deps['store'],
  randomIds: readonly string[],
): Promise<Senders> {
  if (randomIds.length === 0) return { deliveries: new Map(), topics: new Map() };
  const found = await deliveries.byRandomIds(randomIds);
  const left = randomIds.filter((randomId) => !found.has(randomId));
  return { deliveries: found, topics: left.length === 0 ? new Map() : await dialogs.byTopicRandomIds(left) };
}

/** Writes the id where the random id is known: on a delivery, or on the dialog whose topic was being made. */
export async function recordSent(
  { store, queue }: Deps,
  { randomId, msgId }: { randomId: string; msgId: number },
  { deliveries, topics }: Senders,
): Promise<void> {
  const found = deliveries.get(randomId);
  if (found !== undefined) {
    await store.deliveries.recordSent(found.delivery.id, found.position, randomId, msgId);
    if (found.delivery.state !== 'sending') await queue.add(wakeUp(found.delivery));
    return;
  }
  const dialog = topics.get(randomId);
  if (dialog !== undefined) await store.dialogs.openTopic(dialog.id, randomId, msgId);
}
