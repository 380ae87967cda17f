/** An operator's message goes to the client through the connection; then the operator sees a mark. */

import type { Piece } from '../domain/compose.js';
import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import { GatewayError } from '../domain/errors.js';
import { boxOf } from '../domain/ids.js';
import type { Queue } from '../ports/queue.js';
import type { Clock } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Act } from './drain.js';
import { wakeUp } from './jobs.js';
import { markOf } from './plan.js';
import { sendPosts } from './send-posts.js';

export interface AnswerDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs' | 'links'>;
  readonly sender: Pick<Sender, 'send'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
  /** A send of this connection has ended: held messages can be decided. */
  readonly ended: (connection: Delivery['connection']) => void;
}

/** Sends, links, adds the mark, and only then ends the row: until the link stands, an echo of this send is held. */
export function createAnswer(deps: AnswerDeps): Act {
  return async ({ row, posts }) => {
    const dialog = await deps.store.dialogs.get(row.dialog);
    if (dialog === undefined) throw new GatewayError('INTERNAL', `dialog ${row.dialog} has no row`);
    const replyTo = await repliedMessage(deps, row);
    const target = {
      owner: row.connection,
      peer: dialog.peer,
      ...(replyTo === undefined ? {} : { replyTo }),
    };
    await sendPosts(deps, row, posts, target, (piece, msgId) => link(deps, row, dialog, piece, msgId));
    const mark = markOf(row, deps.clock.now());
    await deps.store.deliveries.add([mark]);
    await deps.store.deliveries.finish(row, 'sent');
    await deps.queue.add(wakeUp(mark));
    deps.ended(row.connection);
    return 'done';
  };
}

function link(deps: AnswerDeps, row: Delivery, dialog: Dialog, piece: Piece, msgId: number): Promise<void> {
  return deps.store.links.put({
    connection: row.connection,
    dialog: row.dialog,
    box: boxOf(dialog.peer),
    peer: dialog.peer,
    msgId,
    part: piece.part,
    group: row.group,
    topic: dialog.group === row.group && dialog.topic.state === 'open' ? dialog.topic.id : 0,
    postId: piece.msgId,
    side: 'operator',
    delivery: row.id,
    date: row.parts[0]?.date ?? 0,
  });
}

/** The client-side message behind the post that the operator answered. */
async function repliedMessage(deps: AnswerDeps, row: Delivery): Promise<number | undefined> {
  if (row.replyTo === undefined) return undefined;
  const found = await deps.store.links.byPost(row.group, row.replyTo);
  return found?.dialog === row.dialog ? found.msgId : undefined;
}
