/** The store's rows in memory, for several fleets to share. */

import type { Connection } from '../../../src/domain/connection.js';
import { connectionId, peerOf, type OwnerId } from '../../../src/domain/ids.js';
import type { Connections, Leases, Peers, Sessions, KnownPeer } from '../../../src/ports/store.js';
import type { UpdateStore } from '../../../src/ports/updates.js';
import { MemoryStore } from '../updates/model/memory-store.js';

export class MemoryLeases implements Leases {
  readonly rows = new Map<string, { holder: string; fence: number; until: number }>();
  /** Set to make every renewal hang or fail. */
  onRenew: () => Promise<void> = () => Promise.resolve();
  /** So many takings from here on succeed without their taker learning of it. */
  loseAnswers = 0;

  async take(name: string, holder: string, ttlMs: number, now: number): ReturnType<Leases['take']> {
    const former = this.rows.get(name) ?? { holder: '', fence: 0, until: 0 };
    if (former.until > now && former.holder !== holder) return undefined;
    const row = { holder, fence: former.fence + 1, until: now + ttlMs };
    this.rows.set(name, row);
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new Error('answer lost');
    }
    const abandoned = former.holder !== '' && former.holder !== holder;
    return { fence: row.fence, until: row.until, ...(abandoned ? { abandonedAt: former.until } : {}) };
  }

  async renew(name: string, holder: string, fence: number, ttlMs: number, now: number): Promise<boolean> {
    await this.onRenew();
    const row = this.rows.get(name);
    if (row?.holder !== holder || row.fence !== fence) return false;
    row.until = now + ttlMs;
    return true;
  }

  async release(name: string, holder: string, fence: number): Promise<void> {
    const row = this.rows.get(name);
    if (row?.holder === holder && row.fence === fence) this.rows.set(name, { holder: '', fence, until: 0 });
  }

  async living(prefix: string, now: number): Promise<string[]> {
    return [...this.rows]
      .filter(([name, row]) => name.startsWith(prefix) && row.until > now)
      .map(([name]) => name);
  }

  /** Somebody else takes it although it is held: what a stopped clock or a wrong operator does. */
  steal(name: string, holder: string, until: number): void {
    this.rows.set(name, { holder, fence: (this.rows.get(name)?.fence ?? 0) + 1, until });
  }
}

export class MemoryConnections implements Connections {
  readonly rows = new Map<string, Connection>();

  get = async (id: string) => this.rows.get(id);
  list = async () => [...this.rows.values()];
  put = async (row: Connection) => void this.rows.set(row.id, row);
  remove = async (id: string) => void this.rows.delete(id);

  setState: Connections['setState'] = async (id, state, since, reason) => {
    const { stateReason: _, ...row } = this.rows.get(id) ?? {};
    if (!('id' in row)) return;
    const next = { ...row, state, stateSince: since } as Connection;
    this.rows.set(id, reason === undefined ? next : { ...next, stateReason: reason });
  };
}

export function memorySessions(rows = new Map<OwnerId, string>()): Sessions & { rows: Map<OwnerId, string> } {
  return {
    rows,
    load: async (owner) => rows.get(owner),
    save: async (owner, sealed) => void rows.set(owner, sealed),
    remove: async (owner) => void rows.delete(owner),
  };
}

export function memoryPeers(): Peers {
  const rows = new Map<string, KnownPeer>();
  return {
    save: async (owner, peers) => peers.forEach((peer) => rows.set(`${owner}-${peer.peer}`, peer)),
    get: async (owner, peer) => rows.get(`${owner}-${peer}`),
  };
}

/** The engine's store, one account apart from the other. */
export function memoryUpdates(): UpdateStore & { of: (owner: OwnerId) => MemoryStore } {
  const stores = new Map<OwnerId, MemoryStore>();
  const of = (owner: OwnerId) => {
    const store = stores.get(owner) ?? new MemoryStore();
    stores.set(owner, store);
    return store;
  };
  return {
    of,
    load: (owner) => of(owner).load(),
    append: (owner, fence, rows) => of(owner).append(owner, fence, rows),
    advance: (owner, fence, change) => of(owner).advance(owner, fence, change),
    recordHole: (owner, fence, hole) => of(owner).recordHole(owner, fence, hole),
    loseHole: (owner, fence, id, at) => of(owner).loseHole(owner, fence, id, at),
    closeHole: (owner, fence, id, at) => of(owner).closeHole(owner, fence, id, at),
    countOpenHoles: (owner) => of(owner).countOpenHoles(),
  };
}

export function connectionRow(userId: string, at: number): Connection {
  return {
    id: connectionId(userId),
    kind: 'bot',
    peer: peerOf('user', userId),
    name: 'Shop',
    group: peerOf('channel', '2000000001'),
    state: 'connecting',
    stateSince: at,
    createdAt: at,
  };
}
