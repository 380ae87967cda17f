/** The delivery rows that follow from an event. Pure: ids derive from the journal row, so that planning again changes nothing. */

import type { Connection } from '../domain/connection.js';
import { plain, type FormattedText } from '../domain/content.js';
import type { Delivery, DeliveryPart } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import type { MessageEvent } from '../domain/event.js';
import { commonBox, dialogId, rowId, type DialogId, type OwnerId, type Peer } from '../domain/ids.js';

/** How long an album waits for its next part: Telegram sends the parts of one album within milliseconds. */
export const albumWindowMs = 700;

interface Source {
  readonly event: MessageEvent;
  readonly ord: number;
  readonly now: number;
}

/** A client's or the primary's message, for the topic. */
export function mirrorOf(source: Source, connection: Connection, side: 'in' | 'intercepted'): Delivery {
  const { event } = source;
  const dialog = dialogId(connection.id, event.peer);
  return {
    ...rowOf(source, 'mirror', dialog),
    connection: connection.id,
    dialog,
    group: connection.group,
    side,
  };
}

/** An operator's message, for the client. */
export function answerOf(source: Source, dialog: Dialog): Delivery {
  return {
    ...rowOf(source, 'answer', dialog.id),
    connection: dialog.connection,
    dialog: dialog.id,
    group: dialog.group,
    side: 'operator',
  };
}

/** The lane of everything that appears in a dialog's topic on the client's side. */
export function topicLane(dialog: string): string {
  return `${dialog}-topic`;
}

/** The first post of a dialog's topic; a group has one of its own. */
export function cardId(dialog: DialogId, group: Peer): string {
  return rowId('card', dialog, group);
}

/** A sentence of ours for a dialog's topic; `order` places it among the topic's posts. */
export function noticeOf(notice: {
  id: string;
  dialog: Pick<Dialog, 'id' | 'connection' | 'peer' | 'group'>;
  text: FormattedText | string;
  lane: string;
  order: number;
  now: number;
  source: OwnerId;
  replyTo?: number;
}): Delivery {
  const { dialog, replyTo } = notice;
  const text = typeof notice.text === 'string' ? plain(notice.text) : notice.text;
  return {
    ...blank(notice.now),
    id: notice.id,
    kind: 'notice',
    lane: notice.lane,
    order: notice.order,
    connection: dialog.connection,
    dialog: dialog.id,
    group: dialog.group,
    side: 'system',
    source: notice.source,
    sourcePeer: dialog.peer,
    sourceBox: commonBox,
    ...(replyTo === undefined ? {} : { replyTo }),
    parts: [{ msgId: 0, date: Math.floor(notice.now / 1000), content: { text } }],
  };
}

/** A sentence for the team in General; it waits for no dialog and no dialog waits for it. */
export function alertOf(alert: { id: string; connection: Connection; text: string; now: number }): Delivery {
  const { id, connection } = alert;
  const { group } = connection;
  const dialog = { id: dialogId(connection.id, group), connection: connection.id, peer: group, group };
  const { text, now } = alert;
  return { ...noticeOf({ id, dialog, text, lane: id, order: 0, now, source: connection.id }), kind: 'alert' };
}

/** A sentence of ours under an operator's message, wherever that stands: the dialog may have no topic in its group any more. */
export function remarkOf(remark: Parameters<typeof noticeOf>[0] & { readonly replyTo: number }): Delivery {
  return { ...noticeOf(remark), kind: 'alert' };
}

/** 👌 on the operator's messages of an answer that has arrived. A lane of its own: a mark never waits for, nor delays, a post. */
export function markOf(answer: Delivery, now: number): Delivery {
  return {
    ...blank(now),
    id: rowId(answer.id, 'mark'),
    kind: 'mark',
    lane: rowId(answer.id, 'mark'),
    order: answer.order,
    connection: answer.connection,
    dialog: answer.dialog,
    group: answer.group,
    side: 'system',
    source: answer.source,
    sourcePeer: answer.group,
    sourceBox: answer.sourceBox,
    parts: answer.parts.slice(0, 1).map((part) => ({ ...part, content: { text: plain('') } })),
  };
}

function rowOf(
  source: Source,
  kind: 'mirror' | 'answer',
  dialog: string,
): Omit<Delivery, 'connection' | 'dialog' | 'group' | 'side'> {
  const { event, ord, now } = source;
  const album = event.groupedId;
  return {
    ...blank(now),
    id: sourceId(kind, event, album === undefined ? event.msgId : `album-${album}`),
    kind,
    lane: kind === 'mirror' ? topicLane(dialog) : `${dialog}-client`,
    order: ord,
    source: event.owner,
    sourcePeer: event.peer,
    sourceBox: event.box,
    ...(event.replyTo === undefined ? {} : { replyTo: event.replyTo }),
    ...(album === undefined ? {} : { groupedId: album }),
    parts: [partOf(event)],
    notBefore: album === undefined ? 0 : now + albumWindowMs,
  };
}

/**
 * Names what follows from a message. A group's messages have the same ids for every bot in it, so a message that two bots saw has one
 * name (two processes may disagree about who works there while the pool is changed); private messages have ids of their own.
 */
export function sourceId(kind: string, event: MessageEvent, message: number | string = event.msgId): string {
  return event.box === commonBox
    ? rowId(kind, event.owner, event.box, message)
    : rowId(kind, event.box, message);
}

/** A part as a row keeps it; a service message is shown by its name. */
export function partOf(event: MessageEvent): DeliveryPart {
  const content =
    event.service === undefined
      ? event.content
      : { ...event.content, placeholder: event.content.placeholder ?? event.service };
  return { msgId: event.msgId, date: event.date, content };
}

function blank(
  now: number,
): Pick<Delivery, 'state' | 'randomIds' | 'sentIds' | 'notBefore' | 'attempts' | 'createdAt'> {
  return { state: 'queued', randomIds: [], sentIds: [], notBefore: 0, attempts: 0, createdAt: now };
}
