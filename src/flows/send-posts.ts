/** Sends a row's posts one after the other, skipping what Telegram has already; each id and link is durable before the next post leaves. */

import type { Piece, Post } from '../domain/compose.js';
import { untold, type Delivery } from '../domain/delivery.js';
import type { OwnerId, Peer } from '../domain/ids.js';
import type { Store } from '../ports/store.js';
import type { OutgoingPart, Sender } from '../ports/telegram.js';

export interface Target {
  readonly owner: OwnerId;
  readonly peer: Peer;
  readonly topic?: number;
  readonly replyTo?: number;
}

/** Writes the twin link of one piece; called again for pieces whose id was known before. */
export type LinkPiece = (piece: Piece, msgId: number) => Promise<void>;

/** Called with the ids of a post that an earlier try has sent, before they count. */
export type Confirm = (msgIds: readonly number[]) => Promise<void>;

/** Throws what `send` throws, and may then be called again. */
export async function sendPosts(
  deps: { store: Pick<Store, 'deliveries'>; sender: Pick<Sender, 'send'> },
  row: Delivery,
  posts: readonly Post[],
  target: Target,
  link: LinkPiece,
  confirm?: Confirm,
): Promise<void> {
  let position = 0;
  for (const post of posts) {
    const first = position;
    position += post.length;
    const known = post.map((_, index) => row.sentIds[first + index] ?? undefined);
    const isSent = known.every((id) => id !== undefined);
    const told = known.filter((id): id is number => id !== undefined && id !== untold);
    if (isSent && told.length > 0) await confirm?.(told);
    const ids = isSent ? known : await sendOne(deps, row, post, first, target);
    for (const [index, piece] of post.entries()) {
      const msgId = ids[index];
      if (msgId === undefined || msgId === untold) continue;
      await link(piece, msgId);
      if (position < row.randomIds.length)
        await deps.store.deliveries.recordSent(
          row.id,
          first + index,
          row.randomIds[first + index] ?? '',
          msgId,
        );
    }
  }
}

async function sendOne(
  deps: { sender: Pick<Sender, 'send'> },
  row: Delivery,
  post: Post,
  first: number,
  target: Target,
): Promise<number[]> {
  const parts = post.map((piece, index): OutgoingPart => {
    const source =
      piece.content.media === undefined
        ? {}
        : { source: { owner: row.source, peer: row.sourcePeer, msgId: piece.msgId } };
    // Key of repetition: the random id stored with the claim.
    return { content: piece.content, randomId: row.randomIds[first + index] ?? '', ...source };
  });
  return deps.sender.send({ ...target, parts });
}
