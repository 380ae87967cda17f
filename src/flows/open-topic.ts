/** Exactly one topic per dialog: the claim and its random id are durable before Telegram is asked, and asking again repeats the id. */

import { randomBytes } from 'node:crypto';
import { titleOf } from '../domain/card.js';
import type { Delivery } from '../domain/delivery.js';
import type { Dialog } from '../domain/dialog.js';
import { asGatewayError, GatewayError } from '../domain/errors.js';
import type { DialogId, OwnerId, Peer } from '../domain/ids.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import { randomIdOf } from './random-ids.js';

export interface OpenTopicDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs' | 'journal' | 'peers'>;
  readonly sender: Pick<Sender, 'createTopic' | 'resync'>;
}

/** After so many looks (some three minutes) Telegram will not tell the id of the topic that it has made. */
const looksForId = 8;

type TopicRow = Pick<Delivery, 'id' | 'dialog' | 'group' | 'attempts' | 'looks'>;

/**
 * The id of the topic of the row's dialog in the row's group, made if need be by the given desk. Throws what `createTopic` throws but
 * ALREADY_SENT: a topic that was made and whose id is not known yet is an ANSWER_LOST, so that the row waits for it. TOPIC_GONE when the
 * dialog was moved to another group meanwhile, or its topic given up.
 */
export async function openTopic(deps: OpenTopicDeps, row: TopicRow, desk: OwnerId): Promise<number> {
  const { dialogs } = deps.store;
  const stored = await dialogs.get(row.dialog);
  if (stored === undefined) throw new GatewayError('INTERNAL', `dialog ${row.dialog} has no row`);
  if (stored.topic.state === 'open') return topicIn(stored, row.group);
  const dialog = await dialogs.claimTopic(row.dialog, freshRandomId(row.dialog));
  if (dialog.group !== row.group || dialog.topic.state !== 'creating') return topicIn(dialog, row.group);
  const { randomId } = dialog.topic;
  const topic = await create(deps, dialog, randomId, desk).catch(async (thrown: unknown) => {
    if (asGatewayError(thrown).code !== 'ALREADY_SENT') throw thrown;
    return madeBefore(deps, row, randomId, desk);
  });
  return topicIn(await dialogs.openTopic(row.dialog, randomId, topic), row.group);
}

function topicIn(dialog: Dialog, group: Peer): number {
  if (dialog.group === group && dialog.topic.state === 'open') return dialog.topic.id;
  throw new GatewayError('TOPIC_GONE', `of ${dialog.id}`);
}

async function create(
  { store, sender }: OpenTopicDeps,
  dialog: Dialog,
  randomId: string,
  desk: OwnerId,
): Promise<number> {
  const profile = (await store.peers.get(dialog.connection, dialog.peer)) ?? { peer: dialog.peer, name: '' };
  return sender.createTopic({ owner: desk, group: dialog.group, title: titleOf(profile), randomId });
}

/** The id comes with the desk's difference. Where it never does, another topic is better than messages that nobody sees. */
async function madeBefore(
  { store, sender }: OpenTopicDeps,
  row: TopicRow,
  randomId: string,
  desk: OwnerId,
): Promise<number> {
  const known = await store.journal.sentId(desk, randomId);
  if (known !== undefined) return known;
  await sender.resync(desk).catch(() => undefined);
  const told = await store.journal.sentId(desk, randomId);
  if (told !== undefined) return told;
  const { dialog, looks = 0 } = row;
  await store.deliveries.look(row);
  if (looks + 1 >= looksForId) {
    await store.dialogs.reclaimTopic(dialog, randomId, freshRandomId(dialog));
    await store.deliveries.stopLooking(row, []);
  }
  throw new GatewayError('ANSWER_LOST', 'the topic is made and its id is not known yet');
}

function freshRandomId(dialog: DialogId): string {
  return randomIdOf(dialog, randomBytes(8).toString('hex'));
}
