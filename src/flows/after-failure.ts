/** What becomes of a row whose sending failed: later, later under doubt, or never and said so. */

import type { Delivery, DeliveryPart } from '../domain/delivery.js';
import { GatewayError, type ErrorCode } from '../domain/errors.js';
import type { JobAnswer } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { giveUp, type GiveUpDeps } from './give-up.js';
import { laterIn } from './jobs.js';
import { lookForId, wasSent, type Failed, type LookDeps } from './look-for-id.js';
import { mendTopic, type MendDeps } from './mend-topic.js';
import type { Troubles } from './troubles.js';

export interface Failure extends MendDeps, LookDeps, GiveUpDeps {
  readonly store: LookDeps['store'] & GiveUpDeps['store'] & Pick<Store, 'connections'>;
  readonly sender: MendDeps['sender'] & LookDeps['sender'];
  readonly troubles: Troubles;
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

const firstBackoffMs = 500;
const longestBackoffMs = 60_000;

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
  if (final.has(error.code)) {
    // A refusal says nothing about an earlier try: Telegram may have taken that one.
    if (inDoubt && (await wasSent(deps, row))) return { again: 1 };
    return giveUp(deps, row, error);
  }
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
  const grown = firstBackoffMs * 2 ** Math.min(attempts, 10);
  return Math.min(error !== undefined && waiting.has(error.code) ? longestRepairMs : longestBackoffMs, grown);
}
