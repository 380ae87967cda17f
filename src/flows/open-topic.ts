/** Exactly one topic per dialog: the claim and its random id are durable before Telegram is asked, and asking again repeats the id. */

import { randomBytes } from 'node:crypto';
import { titleOf } from '../domain/card.js';
import { GatewayError } from '../domain/errors.js';
import type { DialogId, OwnerId } from '../domain/ids.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import { randomIdOf } from './random-ids.js';

export interface OpenTopicDeps {
  readonly store: Pick<Store, 'dialogs' | 'peers'>;
  readonly sender: Pick<Sender, 'createTopic'>;
}

/**
 * The id of the dialog's topic, made if need be by the given desk. Throws what `createTopic` throws; after ALREADY_SENT the id
 * arrives by the desk's difference and the next call finds it open.
 */
export async function openTopic(deps: OpenTopicDeps, id: DialogId, desk: OwnerId): Promise<number> {
  const { dialogs, peers } = deps.store;
  const stored = await dialogs.get(id);
  if (stored === undefined) throw new GatewayError('INTERNAL', `dialog ${id} has no row`);
  if (stored.topic.state === 'open') return stored.topic.id;
  const dialog = await dialogs.claimTopic(id, randomIdOf(id, randomBytes(8).toString('hex')));
  if (dialog.topic.state === 'open') return dialog.topic.id;
  if (dialog.topic.state === 'none') throw new GatewayError('INTERNAL', `topic of ${id} was not claimed`);
  const { randomId } = dialog.topic;
  const profile = (await peers.get(dialog.connection, dialog.peer)) ?? { peer: dialog.peer, name: '' };
  const topic = await deps.sender.createTopic({
    owner: desk,
    group: dialog.group,
    title: titleOf(profile),
    randomId,
  });
  await dialogs.openTopic(id, randomId, topic);
  return topic;
}
