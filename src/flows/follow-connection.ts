/** A connection that was moved to another group goes on there: its dialogs follow at their next post, and so does what still waits. */

import { cardOf } from '../domain/card.js';
import type { Connection } from '../domain/connection.js';
import type { Delivery } from '../domain/delivery.js';
import { topicAfterMove, type Dialog } from '../domain/dialog.js';
import { GatewayError } from '../domain/errors.js';
import type { Peer } from '../domain/ids.js';
import type { Clock } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { cardId, noticeOf, topicLane } from './plan.js';

export interface FollowDeps {
  readonly store: Pick<Store, 'connections' | 'deliveries' | 'dialogs' | 'peers'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Brings a claimed row of a topic, and its dialog, to where the connection works by its stored row (a process may not have heard of
 * the move); answers whether anything was moved, so that the lane must be looked at again.
 */
export async function followConnection(deps: FollowDeps, row: Delivery): Promise<boolean> {
  const { dialogs, connections } = deps.store;
  const dialog = await dialogs.get(row.dialog);
  if (dialog === undefined) throw new GatewayError('INTERNAL', `dialog ${row.dialog} has no row`);
  // Read after the dialog: whoever has moved that one had read this row before. A removed connection's dialogs stay.
  const connection = await connections.get(row.connection);
  const group = connection?.group ?? dialog.group;
  if (connection !== undefined && group !== dialog.group) await moveDialog(deps, row, dialog, connection);
  if (group !== row.group) await moveRow(deps, row, group);
  return group !== dialog.group || group !== row.group;
}

/** The card is planned first: its row moves the dialog when this one dies in between. */
async function moveDialog(
  { store, clock }: FollowDeps,
  row: Delivery,
  dialog: Dialog,
  connection: Connection,
): Promise<void> {
  const { id, peer } = dialog;
  const { group } = connection;
  if (topicAfterMove(dialog, group).state === 'none') {
    const known = await store.peers.get(connection.id, peer);
    const card = noticeOf({
      id: cardId(id, group),
      dialog: { id, connection: connection.id, peer, group },
      text: cardOf(known ?? { peer, name: '' }, connection, ''),
      lane: topicLane(id),
      order: row.order - 0.5,
      now: clock.now(),
      source: connection.id,
    });
    await store.deliveries.add([card]);
  }
  await store.dialogs.move(dialog, group);
}

/** The whole row goes over, also what stands in the former group already. */
async function moveRow({ store }: FollowDeps, row: Delivery, group: Peer): Promise<void> {
  const { deliveries } = store;
  // Every group has a card of its own.
  if (row.id === cardId(row.dialog, row.group)) return deliveries.finish(row, 'failed', 'TOPIC_GONE');
  // A sentence under an operator's message stays with it; the dialog has no topic there any more that could be looked after.
  const beside = row.side === 'system' && row.replyTo !== undefined;
  return deliveries.redirect(row, beside ? { kind: 'alert' } : { group });
}
