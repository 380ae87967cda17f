/** Access hashes that may be used for sending: the store's, and the recently used ones in memory. */

import type { OwnerId, Peer } from '../../domain/ids.js';
import type { KnownPeer, Peers } from '../../ports/store.js';
import { Recent } from './recent.js';

export interface AccessHashes {
  /** Decimal; undefined where this session has not met the peer in full. */
  of(owner: OwnerId, peer: Peer): Promise<string | undefined>;
  /** Whether it is in memory. */
  holds(owner: OwnerId, peer: Peer): boolean;
  save(owner: OwnerId, known: readonly KnownPeer[]): Promise<void>;
}

/** Keeps at most `remembered` hashes over all sessions in memory. */
export function createAccessHashes(peers: Peers, remembered: number): AccessHashes {
  const recent = new Recent<string>(remembered);
  /** What was last written: most updates bring the same peers again, and a write each would cost more than the message. */
  const written = new Recent<string>(remembered);
  const keyOf = (owner: OwnerId, peer: Peer): string => `${owner}-${peer}`;

  const remember = (owner: OwnerId, { peer, accessHash, min }: KnownPeer): string | undefined => {
    if (accessHash === undefined || min === true) return undefined;
    recent.set(keyOf(owner, peer), accessHash);
    return accessHash;
  };

  return {
    async of(owner, peer) {
      const held = recent.get(keyOf(owner, peer));
      if (held !== undefined) return held;
      const stored = await peers.get(owner, peer);
      return stored && remember(owner, stored);
    },
    holds: (owner, peer) => recent.get(keyOf(owner, peer)) !== undefined,
    async save(owner, known) {
      const news = known.filter((one) => written.get(keyOf(owner, one.peer)) !== JSON.stringify(one));
      if (news.length > 0) await peers.save(owner, news);
      for (const one of news) written.set(keyOf(owner, one.peer), JSON.stringify(one));
      for (const one of known) remember(owner, one);
    },
  };
}
