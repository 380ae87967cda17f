/** Writes what a decision means: dialog and delivery rows, then the wake-up. Every write is keyed by the journal row. */

import { cardOf } from '../domain/card.js';
import type { Connection, Owner } from '../domain/connection.js';
import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import type { MessageEvent } from '../domain/event.js';
import { dialogId, rowId } from '../domain/ids.js';
import type { Decision } from '../domain/route.js';
import type { Queue } from '../ports/queue.js';
import type { Clock } from '../ports/runtime.js';
import type { JournaledEvent, Store } from '../ports/store.js';
import { wakeUp } from './jobs.js';
import { albumWindowMs, answerOf, mirrorOf, noticeOf, partOf, topicLane } from './plan.js';
import { recordSent } from './record-sent.js';

export interface ExecuteDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs' | 'peers'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
}

/** Carries out one decision; repeating it after a crash changes nothing. */
export async function execute(
  deps: ExecuteDeps,
  owner: Owner,
  row: JournaledEvent,
  decision: Decision,
): Promise<void> {
  switch (decision.kind) {
    case 'hold':
    case 'drop':
      return;
    case 'sent':
      return recordSent(deps, decision);
    case 'mirror':
      if (owner.kind === 'connection' && row.event.kind === 'message')
        await mirror(deps, owner.connection, row, row.event, decision.side);
      return;
    case 'answer':
      if (row.event.kind === 'message')
        await enqueue(deps, row.event, answerOf(source(deps, row, row.event), decision.dialog));
      return;
    case 'unknown-command':
      if (row.event.kind === 'message') await refuseCommand(deps, row, row.event, decision.dialog);
  }
}

async function mirror(
  deps: ExecuteDeps,
  connection: Connection,
  row: JournaledEvent,
  event: MessageEvent,
  side: 'in' | 'intercepted',
): Promise<void> {
  const dialog = await deps.store.dialogs.ensure({
    id: dialogId(connection.id, event.peer),
    connection: connection.id,
    peer: event.peer,
    group: connection.group,
    topic: { state: 'none' },
    createdAt: deps.clock.now(),
  });
  if (dialog.topic.state === 'none') await introduce(deps, connection, dialog, row, event);
  await enqueue(deps, event, mirrorOf(source(deps, row, event), connection, side));
}

/** The card goes before the first message: half a step below its order. Its id is the dialog's, so there is one. */
async function introduce(
  deps: ExecuteDeps,
  connection: Connection,
  dialog: Dialog,
  row: JournaledEvent,
  event: MessageEvent,
): Promise<void> {
  const known = await deps.store.peers.get(connection.id, dialog.peer);
  const card = noticeOf({
    id: rowId('card', dialog.id),
    dialog,
    text: cardOf(known ?? { peer: dialog.peer, name: '' }, connection, event.content.text.text),
    lane: topicLane(dialog.id),
    order: row.ord - 0.5,
    now: deps.clock.now(),
    source: connection.id,
  });
  await deps.store.deliveries.add([card]);
}

/** Adds the row; a further part of an album joins the row of the first, unless that one is already on its way. */
async function enqueue(deps: ExecuteDeps, event: MessageEvent, row: Delivery): Promise<void> {
  const { deliveries } = deps.store;
  const part = partOf(event);
  if (event.groupedId !== undefined && (await deliveries.get(row.id)) !== undefined) {
    if (await deliveries.addPart(row.id, part, deps.clock.now() + albumWindowMs)) return;
    const { groupedId: _, ...single } = row;
    await add(deps, { ...single, id: rowId(row.kind, event.owner, event.box, event.msgId), notBefore: 0 });
    return;
  }
  await add(deps, row);
}

async function add(deps: ExecuteDeps, row: Delivery): Promise<void> {
  await deps.store.deliveries.add([row]);
  await deps.queue.add({ ...wakeUp(row), delayMs: Math.max(0, row.notBefore - deps.clock.now()) });
}

async function refuseCommand(
  deps: ExecuteDeps,
  row: JournaledEvent,
  event: MessageEvent,
  dialog: Dialog,
): Promise<void> {
  const id = rowId('command', event.owner, event.box, event.msgId);
  await add(
    deps,
    noticeOf({
      id,
      dialog,
      text: 'This command is not known here, and nothing was sent to the client. Write "/ text" for an internal comment, or an answer without a slash.',
      lane: id,
      order: row.ord,
      now: deps.clock.now(),
      source: event.owner,
      replyTo: event.msgId,
    }),
  );
}

function source(
  deps: ExecuteDeps,
  row: JournaledEvent,
  event: MessageEvent,
): { event: MessageEvent; ord: number; now: number } {
  return { event, ord: row.ord, now: deps.clock.now() };
}
