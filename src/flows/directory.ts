/** Who is who in this installation: connections, desks, backend groups. Replaced as a whole whenever the rows change. */

import type { Connection, Desk, Owner } from '../domain/connection.js';
import type { ConnectionId, DeskId, OwnerId, Peer } from '../domain/ids.js';

export interface Directory {
  owner(id: OwnerId): Owner | undefined;
  connection(id: ConnectionId): Connection | undefined;
  /** The desk bot that posts in this group. */
  deskOf(group: Peer): DeskId | undefined;
  ourUsers(): ReadonlySet<Peer>;
  backendGroups(): ReadonlySet<Peer>;
  update(connections: readonly Connection[], desks: readonly Desk[]): void;
}

/** An empty directory; the fleet's owner fills it before anything is routed. */
export function createDirectory(): Directory {
  let owners = new Map<OwnerId, Owner>();
  let ours: ReadonlySet<Peer> = new Set();
  let groups: ReadonlySet<Peer> = new Set();
  let firstDesk: DeskId | undefined;
  return {
    owner: (id) => owners.get(id),
    connection(id) {
      const owner = owners.get(id);
      return owner?.kind === 'connection' ? owner.connection : undefined;
    },
    deskOf: () => firstDesk,
    ourUsers: () => ours,
    backendGroups: () => groups,
    update(connections, desks) {
      owners = new Map<OwnerId, Owner>([
        ...connections.map((connection): [OwnerId, Owner] => [
          connection.id,
          { kind: 'connection', connection },
        ]),
        ...desks.map((desk): [OwnerId, Owner] => [desk.id, { kind: 'desk', desk }]),
      ]);
      ours = new Set([...connections.map((row) => row.peer), ...desks.map((desk) => desk.peer)]);
      groups = new Set(connections.map((row) => row.group));
      firstDesk = desks[0]?.id;
    },
  };
}
