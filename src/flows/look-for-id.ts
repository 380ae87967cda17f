/** What an earlier try of a row has sent: Telegram's own record says it, and the row goes on from there. */

import type { Post } from '../domain/compose.js';
import type { Delivery } from '../domain/delivery.js';
import type { OwnerId } from '../domain/ids.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { JobAnswer } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';

export interface LookDeps {
  readonly store: Pick<Store, 'deliveries' | 'journal'>;
  readonly sender: Pick<Sender, 'resync'>;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
}

/** A claimed row, and what it was composed to. */
export interface Failed {
  readonly row: Delivery;
  readonly posts: readonly Post[];
}

const lookEveryMs = 500;
/** After this many looks at Telegram's record an id stays unknown: the message is there, only its link is missing. */
const looksForId = 60;
/** So often a sender is asked in vain for what a row that is refused may have sent. */
const looksUnanswered = 10;

/**
 * Telegram has the message already. Its id comes with the sender's difference (record-sent.ts), and the row goes on without sending this
 * post; so it does when the id never comes.
 */
export async function lookForId(deps: LookDeps, { row, posts }: Failed): Promise<JobAnswer> {
  const { deliveries } = deps.store;
  const sender = senderOf(deps, row);
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
  await deliveries.postpone(row, 'unknown', deps.clock.now() + lookEveryMs, 'ALREADY_SENT');
  return { again: lookEveryMs };
}

/**
 * Asks the sender's difference for what an earlier try has sent; the row goes on from there if there is any, and looks again later
 * where the sender could not be asked. False: there is nothing.
 */
export async function wasSent(deps: LookDeps, row: Delivery): Promise<boolean> {
  const sender = senderOf(deps, row);
  if (sender === undefined) return false;
  const { deliveries } = deps.store;
  const isAsked = await deps.sender.resync(sender).then(
    () => true,
    () => false,
  );
  if (await takeJournaled(deps, row, sender)) {
    await deliveries.postpone(row, 'unknown', 0, 'ALREADY_SENT');
    return true;
  }
  if (isAsked || (row.looks ?? 0) >= looksUnanswered) return false;
  await deliveries.look(row);
  await deliveries.postpone(row, 'unknown', deps.clock.now() + lookEveryMs, 'ANSWER_LOST');
  return true;
}

function senderOf({ directory }: LookDeps, row: Delivery): OwnerId | undefined {
  return row.kind === 'answer' ? row.connection : directory.deskOf(row.group);
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
async function takeJournaled(deps: LookDeps, row: Delivery, sender: OwnerId): Promise<boolean> {
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
