/**
 * Leases are not dumped, but their fences must go on: the counters refuse a holder whose fence is lower than the one they were
 * written under, and the order numbers of the journal begin anew above `fence * 2^32` (telegram/updates/durable.ts). So every
 * session's lease is made with a fence that is not below any that a dumped row was written under; the first holder gets a higher one.
 */

import type { Db } from 'mongodb';
import type { DumpedDocument } from './read-dump.js';

const ordsPerFence = 2 ** 32;

export class FenceWatch {
  readonly #owners = new Set<string>();
  #highest = 0;

  /** Takes note of a document's owner and of the fence behind it. */
  see({ collection, document }: DumpedDocument): void {
    switch (collection) {
      case 'update_state':
        this.#owners.add(String(document['owner'] ?? document['_id']));
        this.#note(Number(document['fence'] ?? 0));
        return;
      case 'journal':
        this.#owners.add(String(document['owner']));
        this.#note(Number(document['ord'] ?? 0) / ordsPerFence);
        return;
      case 'deliveries':
        this.#note(Number(document['order'] ?? 0) / ordsPerFence);
    }
  }

  /** Makes the leases, free. */
  async write(db: Db, leaseOf: (owner: string) => string): Promise<void> {
    const rows = [...this.#owners].map((owner) => ({
      _id: leaseOf(owner),
      holder: '',
      fence: this.#highest,
      until: 0,
    }));
    if (rows.length > 0) await db.collection<(typeof rows)[number]>('leases').insertMany(rows);
  }

  #note(fence: number): void {
    this.#highest = Math.max(this.#highest, Math.floor(fence));
  }
}
