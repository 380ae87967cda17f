/** Writes what a decision means: dialog and delivery rows, then the wake-up. Every write is keyed by the journal row. */

import { cardOf } from '../domain/card.js';
import type { Connection, Owner } from '../domain/connection.js';
import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import type { MessageEvent } from '../domain/event.js';
import { dialogId, type DialogId } from '../domain/ids.js';
import type { Decision } from '../domain/route.js';
import type { Queue } from '../ports/queue.js';
import type { Clock } from '../ports/runtime.js';
import type { JournaledEvent, Store } from '../ports/store.js';
import {
  albumWindowMs,
  answerOf,
  cardId,
  mirrorOf,
  noticeOf,
  partOf,
  remarkOf,
  sourceId,
  topicLane,
} from './plan.js';
import { recordSent, type Senders } from './record-sent.js';
import type { RoutedBatch } from './routed-batch.js';

export interface ExecuteDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs' | 'peers'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
  /** Where the deliveries go. */
  readonly batch: Pick<RoutedBatch, 'add'>;
  /** Who waits for the ids of sends that this stretch of the journal tells. */
  readonly senders: Senders;
  /** Dialogs whose topic was open when they were last looked at: their row is there and their card is sent. */
  readonly opened: Set<DialogId>;
}

/** Beyond so many the memory begins anew: each costs one look into the store again. */
const rememberedDialogs = 50_000;

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
      return recordSent(deps, decision, deps.senders);
    case 'mirror':
      if (owner.kind === 'connection' && row.event.kind === 'message')
        await mirror(deps, owner.connection, row, row.event, decision.side);
      return;
    case 'answer':
      if (row.event.kind === 'message')
        await enqueue(deps, row.event, answerOf(source(deps, row, row.event), decision.dialog));
      return;
    case 'unknown-command':
      if (row.event.kind === 'message') refuseCommand(deps, row, row.event, decision.dialog);
      return;
    case 'moved-away':
      if (row.event.kind === 'message') refuseHere(deps, row, row.event, decision.dialog);
  }
}

async function mirror(
  deps: ExecuteDeps,
  connection: Connection,
  row: JournaledEvent,
  event: MessageEvent,
  side: 'in' | 'intercepted',
): Promise<void> {
  if (!deps.opened.has(dialogId(connection.id, event.peer))) await meet(deps, connection, row, event);
  await enqueue(deps, event, mirrorOf(source(deps, row, event), connection, side));
}

/** The dialog's row, and the card where there is no topic yet. */
async function meet(
  deps: ExecuteDeps,
  connection: Connection,
  row: JournaledEvent,
  event: MessageEvent,
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
  if (dialog.topic.state !== 'open') return;
  if (deps.opened.size >= rememberedDialogs) deps.opened.clear();
  deps.opened.add(dialog.id);
}

/** The card goes before the first message: half a step below its order. Its id is the dialog's in its group, so there is one. */
async function introduce(
  deps: ExecuteDeps,
  connection: Connection,
  dialog: Dialog,
  row: JournaledEvent,
  event: MessageEvent,
): Promise<void> {
  const known = await deps.store.peers.get(connection.id, dialog.peer);
  const card = noticeOf({
    id: cardId(dialog.id, dialog.group),
    dialog,
    text: cardOf(known ?? { peer: dialog.peer, name: '' }, connection, event.content.text.text),
    lane: topicLane(dialog.id),
    order: row.ord - 0.5,
    now: deps.clock.now(),
    source: connection.id,
  });
  deps.batch.add(card);
}

/**
 * Adds the row; a further part of an album joins the row of the first, unless that one is already on its way. What was planned before an
 * album's part must be in the store.
 */
async function enqueue(deps: ExecuteDeps, event: MessageEvent, row: Delivery): Promise<void> {
  const { deliveries } = deps.store;
  const part = partOf(event);
  if (event.groupedId !== undefined && (await deliveries.get(row.id)) !== undefined) {
    if (await deliveries.addPart(row.id, part, deps.clock.now() + albumWindowMs)) return;
    const { groupedId: _, ...single } = row;
    deps.batch.add({ ...single, id: sourceId(row.kind, event), notBefore: 0 });
    return;
  }
  deps.batch.add(row);
}

function refuseCommand(deps: ExecuteDeps, row: JournaledEvent, event: MessageEvent, dialog: Dialog): void {
  const text =
    'This command is not known here, and nothing was sent to the client. Write "/ text" for an internal comment, or an answer without a slash.';
  deps.batch.add(noticeOf(refusal(deps, row, event, dialog, text)));
}

/** The team of the other group would not see what was answered here. */
function refuseHere(deps: ExecuteDeps, row: JournaledEvent, event: MessageEvent, dialog: Dialog): void {
  const text =
    '⚠️ Not delivered: the messages of this client appear in another group now; answer there, in the topic with the same name.';
  deps.batch.add(remarkOf(refusal(deps, row, event, { ...dialog, group: event.peer }, text)));
}

/** A lane of its own: it waits for no post of the topic. */
function refusal(
  deps: ExecuteDeps,
  row: JournaledEvent,
  event: MessageEvent,
  dialog: Dialog,
  text: string,
): Parameters<typeof remarkOf>[0] {
  const id = sourceId('command', event);
  const { msgId: replyTo, owner: source } = event;
  return { id, dialog, text, lane: id, order: row.ord, now: deps.clock.now(), source, replyTo };
}

function source(
  deps: ExecuteDeps,
  row: JournaledEvent,
  event: MessageEvent,
): { event: MessageEvent; ord: number; now: number } {
  return { event, ord: row.ord, now: deps.clock.now() };
}
