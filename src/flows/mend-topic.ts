/** What we can put right ourselves when a topic did not take a post. */

import type { Delivery } from '../domain/delivery.js';
import { asGatewayError, type GatewayError } from '../domain/errors.js';
import type { DeskId } from '../domain/ids.js';
import type { Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';

export interface MendDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs'>;
  readonly sender: Pick<Sender, 'erase' | 'hasTopic' | 'reopenTopic'>;
  readonly log: Log;
}

/**
 * Forgets a deleted topic, opens a closed one, takes misplaced posts back; answers what stays in the way, or undefined when the
 * row can be sent again.
 */
export async function mendTopic(
  deps: MendDeps,
  row: Delivery,
  desk: DeskId,
  error: GatewayError,
): Promise<GatewayError | undefined> {
  try {
    if (error.code === 'TOPIC_GONE')
      await deps.store.dialogs.forgetTopic(row.dialog, row.group, Number(error.detail));
    if (error.code === 'TOPIC_CLOSED')
      await deps.sender.reopenTopic({ owner: desk, group: row.group, topic: Number(error.detail) });
    if (error.code === 'POST_MISPLACED') await takeBack(deps, row, desk, error);
    return undefined;
  } catch (thrown) {
    return asGatewayError(thrown);
  }
}

/**
 * The row is given new random ids before the posts go: dying in between leaves a stray copy in the wrong place, the other way
 * round it would leave none at all. Where another worker has the row by now, the posts may be what it counts: they stay.
 */
async function takeBack(deps: MendDeps, row: Delivery, desk: DeskId, error: GatewayError): Promise<void> {
  const msgIds = error.detail.split(', ').map(Number);
  if (!(await deps.store.deliveries.reissue(row, msgIds))) return;
  await deps.sender.erase({ owner: desk, group: row.group, msgIds }).catch((thrown: unknown) => {
    deps.log.warn('stray-post-left', { delivery: row.id }, thrown);
  });
  const dialog = await deps.store.dialogs.get(row.dialog);
  if (dialog?.topic.state !== 'open' || dialog.group !== row.group) return;
  const topic = dialog.topic.id;
  if (!(await deps.sender.hasTopic({ owner: desk, group: row.group, topic })))
    await deps.store.dialogs.forgetTopic(row.dialog, row.group, topic);
}
