/** A client's or the primary's message, and our own sentences, appear in the dialog's topic. */

import type { Delivery } from '../domain/delivery.js';
import { GatewayError } from '../domain/errors.js';
import type { DialogId, Peer } from '../domain/ids.js';
import type { Clock } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import type { Act, Claimed } from './drain.js';
import { followConnection } from './follow-connection.js';
import { openTopic } from './open-topic.js';
import { sendPosts, type Confirm, type LinkPiece } from './send-posts.js';

export interface MirrorDeps {
  readonly store: Pick<Store, 'connections' | 'deliveries' | 'dialogs' | 'journal' | 'links' | 'peers'>;
  readonly sender: Pick<Sender, 'send' | 'createTopic' | 'hasTopic' | 'misplaced' | 'resync'>;
  readonly directory: Directory;
  readonly clock: Pick<Clock, 'now'>;
}

interface Place {
  readonly group: Peer;
  readonly topic: number;
}

/** Beyond so many the memory begins anew: each costs one look into the store again. */
const rememberedTopics = 50_000;

/** Posts the row and links each post with its source message; then the row is final. */
export function createMirror(deps: MirrorDeps): Act {
  // Whatever fails makes the next try look again: the topic may be gone, here or by another process's hand.
  const topics = new Map<DialogId, Place>();
  return async (claimed) => {
    try {
      return await mirror(deps, topics, claimed);
    } catch (error) {
      topics.delete(claimed.row.dialog);
      throw error;
    }
  };
}

async function mirror(
  deps: MirrorDeps,
  topics: Map<DialogId, Place>,
  { row, posts, inDoubt }: Claimed,
): Promise<'done' | 'again'> {
  const { group } = row;
  const known = topics.get(row.dialog);
  const home = deps.directory.connection(row.connection)?.group ?? group;
  const isKnown = known?.group === group && home === group;
  if (!isKnown && (await followConnection(deps, row))) return 'again';
  const desk = deps.directory.deskOf(group);
  if (desk === undefined) throw new GatewayError('SESSION_DEAD', 'no desk bot runs');
  const topic = isKnown ? known.topic : await openTopic(deps, row, desk);
  if (topics.size >= rememberedTopics) topics.clear();
  topics.set(row.dialog, { group, topic });
  // The last try found no topics: asked first now, so that not every try puts a post into the wrong place.
  if (
    row.error === 'GROUP_NOT_FORUM' &&
    !(await deps.sender.hasTopic({ owner: desk, group: row.group, topic }))
  )
    throw new GatewayError('TOPIC_GONE', String(topic));
  const replyTo = await repliedPost(deps, row);
  const target = { owner: desk, peer: row.group, topic, ...(replyTo === undefined ? {} : { replyTo }) };
  const link: LinkPiece = async (piece, postId) => {
    if (row.side === 'system') return;
    await deps.store.links.put({
      connection: row.connection,
      dialog: row.dialog,
      box: row.sourceBox,
      peer: row.sourcePeer,
      msgId: piece.msgId,
      part: piece.part,
      group: row.group,
      topic,
      postId,
      side: row.side,
      delivery: row.id,
      date: row.parts[0]?.date ?? 0,
    });
  };
  // Where a post stands is told by the answer of its send, and that may have been lost.
  const confirm: Confirm = async (msgIds) => {
    const stray = await deps.sender.misplaced({ owner: desk, group, topic, msgIds });
    if (stray.length > 0) throw new GatewayError('POST_MISPLACED', stray.join(', '));
  };
  await sendPosts(deps, row, posts, target, link, inDoubt ? confirm : undefined);
  await deps.store.deliveries.finish(row, 'sent');
  return 'done';
}

/** The post that stands for the message which was answered. A notice names the post itself. */
async function repliedPost(deps: MirrorDeps, row: Delivery): Promise<number | undefined> {
  if (row.replyTo === undefined) return undefined;
  if (row.side === 'system') return row.replyTo;
  const link = await deps.store.links.byMessage(row.connection, row.sourceBox, row.replyTo);
  return link?.group === row.group ? link.postId : undefined;
}
