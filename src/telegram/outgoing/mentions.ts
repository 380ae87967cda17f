/** The users that a text mentions by name, as the sending session addresses them. */

import type { tl } from '@mtcute/tl';

import type { Entity } from '../../domain/content.js';
import { GatewayError } from '../../domain/errors.js';
import type { OwnerId, Peer } from '../../domain/ids.js';
import type { PeerDirectory } from '../peers/peer-directory.js';

/** Those that it does not know are left out. */
export async function mentionedUsers(
  peers: Pick<PeerDirectory, 'inputUser'>,
  owner: OwnerId,
  entities: readonly Entity[],
): Promise<ReadonlyMap<Peer, tl.TypeInputUser>> {
  const users = new Map<Peer, tl.TypeInputUser>();
  for (const { user } of entities) {
    if (user === undefined || users.has(user)) continue;
    const input = await peers.inputUser(owner, user).catch(unknownAsNothing);
    if (input !== undefined) users.set(user, input);
  }
  return users;
}

function unknownAsNothing(thrown: unknown): undefined {
  if (thrown instanceof GatewayError && thrown.code === 'PEER_UNKNOWN') return undefined;
  throw thrown;
}
