/** What becomes of a row whose sending failed: later, later under doubt, or never and said so. */

import type { Post } from '../domain/compose.js';
import type { Delivery, DeliveryPart } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import { GatewayError, type ErrorCode } from '../domain/errors.js';
import { rowId, type OwnerId } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { JobAnswer, Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import { laterIn, wakeUp } from './jobs.js';
import { mendTopic, type MendDeps } from './mend-topic.js';
import { noticeOf, remarkOf } from './plan.js';
import type { Troubles } from './troubles.js';

export interface Failure {
  readonly store: Pick<Store, 'connections' | 'deliveries' | 'dialogs' | 'journal'>;
  readonly sender: MendDeps['sender'] & Pick<Sender, 'resync'>;
  readonly directory: Directory;
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly troubles: Troubles;
}

/** A claimed row, and what it was composed to. */
interface Failed {
  readonly row: Delivery;
  readonly posts: readonly Post[];
}

/** Refusals that no repetition changes. */
const final: ReadonlySet<ErrorCode> = new Set([
  'CLIENT_BLOCKED',
  'CONTENT_UNSUPPORTED',
  'TELEGRAM_REFUSED',
  'PEER_UNKNOWN',
]);

/** Conditions that somebody must put right; the row waits for it. */
const waiting: ReadonlySet<ErrorCode> = new Set([
  'GROUP_RIGHTS',
  'GROUP_UNKNOWN',
  'GROUP_NOT_FORUM',
  'SESSION_DEAD',
]);

/** We try by ourselves now and then; news of the repair come sooner (wake-waiting.ts). */
const longestRepairMs = 15_000;
/** After these the send may have been executed: its answer is lost, or ours to write down failed after it. */
const doubtful: ReadonlySet<ErrorCode> = new Set([
  'ANSWER_LOST',
  'INTERNAL',
  'MONGODB_UNREACHABLE',
  'REDIS_UNREACHABLE',
  'STORE_FULL',
]);

/** What we may put right ourselves. */
const ofTopic: ReadonlySet<ErrorCode> = new Set(['TOPIC_GONE', 'TOPIC_CLOSED', 'POST_MISPLACED']);

const doubtMs = 500;
const longestBackoffMs = 60_000;

/** After this many looks at Telegram's record an id stays unknown: the message is there, only its link is missing. */
const looksForId = 60;

/**
 * Writes the row's next state; answers when its lane is to be tried again, or `done` when the next row may go. A row in doubt stays
 * `unknown` until its end: only then is an echo of it held and not taken for the primary's.
 */
export async function afterFailure(
  deps: Failure,
  { row, posts }: Failed,
  error: GatewayError,
  inDoubt: boolean,
): Promise<JobAnswer> {
  deps.log.warn('delivery-not-sent', { delivery: row.id, attempts: row.attempts }, error);
  if (error.code === 'ALREADY_SENT') return lookForId(deps, { row, posts });
  if (await showByName(deps, { row, posts }, error)) {
    await deps.store.deliveries.postpone(row, inDoubt ? 'unknown' : 'queued', 0, error.code);
    return { again: 1 };
  }
  if (final.has(error.code)) return giveUp(deps, row, error);
  // Nobody will ever send this, or read the file behind it.
  if (error.code === 'TELEGRAM_UNREACHABLE' && (await isRemoved(deps, row)))
    return giveUp(deps, row, new GatewayError('SESSION_DEAD', 'it was logged out'));
  const desk = deps.directory.deskOf(row.group);
  const mended = ofTopic.has(error.code) && desk !== undefined;
  const left = mended ? await mendTopic(deps, row, desk, error) : error;
  if (left !== undefined) deps.troubles.met(row, left);
  const state = inDoubt || doubtful.has(error.code) ? 'unknown' : 'queued';
  const delayMs = delayOf(left, row.attempts);
  await deps.store.deliveries.postpone(row, state, deps.clock.now() + delayMs, (left ?? error).code);
  return laterIn(delayMs);
}

/**
 * A file that cannot be carried costs a mirrored message neither its words nor its other files: a medium that is refused is shown by name
 * from now on, under the random id that it had. False where none is: then it is the text that is refused.
 */
async function showByName(deps: Failure, { row, posts }: Failed, error: GatewayError): Promise<boolean> {
  if (row.kind !== 'mirror') return false;
  const pieces = posts.flat();
  const refused = new Set(error.parts.map((randomId) => pieces[row.randomIds.indexOf(randomId)]?.msgId));
  const isRefused = ({ msgId, content, uncarried }: DeliveryPart): boolean =>
    refused.has(msgId) && content.media !== undefined && uncarried === undefined;
  if (!row.parts.some(isRefused)) return false;
  const parts = row.parts.map((part) => (isRefused(part) ? { ...part, uncarried: error.detail } : part));
  await deps.store.deliveries.rewrite(row, parts);
  return true;
}

/** The directory alone may not know a connection yet that another process has just begun to route. */
async function isRemoved({ directory, store }: Failure, { connection }: Delivery): Promise<boolean> {
  if (directory.connection(connection) !== undefined) return false;
  return (await store.connections.get(connection)) === undefined;
}

function delayOf(error: GatewayError | undefined, attempts: number): number {
  if (error?.code === 'FLOOD_WAIT') return Math.max(1, Number(error.detail)) * 1000;
  // Mended at once; a topic that breaks again and again is not tried without end.
  if (error === undefined && attempts <= 3) return 0;
  const grown = doubtMs * 2 ** Math.min(attempts, 10);
  return Math.min(error !== undefined && waiting.has(error.code) ? longestRepairMs : longestBackoffMs, grown);
}

/**
 * Telegram has the message already. Its id comes with the sender's difference (record-sent.ts), and the row goes on without sending this
 * post; so it does when the id never comes.
 */
async function lookForId(deps: Failure, { row, posts }: Failed): Promise<JobAnswer> {
  const { deliveries } = deps.store;
  const sender = row.kind === 'answer' ? row.connection : deps.directory.deskOf(row.group);
  if (sender !== undefined && (await takeJournaled(deps, row, sender))) {
    await deliveries.postpone(row, 'unknown', 0, 'ALREADY_SENT');
    return { again: 1 };
  }
  if ((row.looks ?? 0) >= looksForId) {
    deps.log.error('sent-without-link', { delivery: row.id });
    await deliveries.stopLooking(row, unknownPositions(row, posts));
    await deliveries.postpone(row, 'unknown', 0, 'ALREADY_SENT');
    return { again: 1 };
  }
  if (sender !== undefined) await deps.sender.resync(sender).catch(() => undefined);
  await deliveries.look(row);
  await deliveries.postpone(row, 'unknown', deps.clock.now() + doubtMs, 'ALREADY_SENT');
  return { again: doubtMs };
}

/** Of the post that Telegram has: the first one whose ids are not all known. */
function unknownPositions({ sentIds }: Delivery, posts: readonly Post[]): readonly number[] {
  let first = 0;
  for (const post of posts) {
    const unknown = post.map((_, index) => first + index).filter((at) => typeof sentIds[at] !== 'number');
    if (unknown.length > 0) return unknown;
    first += post.length;
  }
  return [];
}

/**
 * Telegram's record may have come before the row was claimed, when nobody knew its random ids: after a restore, where the
 * difference brings the sends of the former installation. The journal keeps the id.
 */
async function takeJournaled(deps: Failure, row: Delivery, sender: OwnerId): Promise<boolean> {
  let found = false;
  for (const [position, randomId] of row.randomIds.entries()) {
    if (typeof row.sentIds[position] === 'number') continue;
    const msgId = await deps.store.journal.sentId(sender, randomId);
    if (msgId === undefined) continue;
    await deps.store.deliveries.recordSent(row.id, position, randomId, msgId);
    found = true;
  }
  return found;
}

/** Failed for good: the operator reads why, in reply to what was not delivered. */
async function giveUp(deps: Failure, row: Delivery, error: GatewayError): Promise<JobAnswer> {
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
