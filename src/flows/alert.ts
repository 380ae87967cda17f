/**
 * A sentence for the whole team stands in General, or in the one thread of a group without topics; one for an operator under what was
 * written.
 */

import { GatewayError } from '../domain/errors.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import type { Act } from './drain.js';
import { sendPosts } from './send-posts.js';

export interface AlertDeps {
  readonly store: Pick<Store, 'deliveries'>;
  readonly sender: Pick<Sender, 'send'>;
  readonly directory: Directory;
}

/** No twin link: the sentence stands for no message. */
export function createAlert(deps: AlertDeps): Act {
  return async ({ row, posts }) => {
    const owner = deps.directory.deskOf(row.group);
    if (owner === undefined) throw new GatewayError('SESSION_DEAD', 'no desk bot runs');
    const under = row.replyTo === undefined ? {} : { replyTo: row.replyTo };
    await sendPosts(deps, row, posts, { owner, peer: row.group, ...under }, async () => undefined);
    await deps.store.deliveries.finish(row, 'sent');
    return 'done';
  };
}
