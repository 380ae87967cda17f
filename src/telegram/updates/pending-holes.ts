/**
 * Holes at whose start the counter still stands: they are being fetched, or were when the process ended, or their channel is
 * closed. A counter that passes one of them without a fetch shows that Telegram has replayed the stretch after all.
 */
import { channelBox, commonBox, type Box } from '../../domain/ids.js';
import type { Hole, StoredState } from '../../ports/updates.js';

export type PendingHole = Pick<Hole, '_id' | 'box' | 'counter' | 'from' | 'to'>;

/** Where the pts of the boxes stand that move together. */
export type Positions = ReadonlyMap<Box, number>;

export class PendingHoles {
  readonly #pending = new Map<string, PendingHole>();

  constructor(stored: StoredState | undefined) {
    if (stored === undefined) return;
    const at = new Map<Box, number>([[commonBox, stored.pts]]);
    for (const { id, pts } of stored.channels) at.set(channelBox(String(id)), pts);
    for (const hole of stored.openHoles) if (at.get(hole.box) === hole.from) this.opened(hole);
  }

  opened(hole: PendingHole): void {
    // A counter that fell passes its old place by growing: that proves nothing, also of a hole that was there when it fell.
    if (hole.counter === 'pts' && hole.to > hole.from) this.#pending.set(hole._id, hole);
    else this.#pending.delete(hole._id);
  }

  /** It was fetched. */
  closed(id: string): void {
    this.#pending.delete(id);
  }

  /** The counters are about to move here: answers the holes that this passes and that are not among the lost. */
  passing(positions: Positions, lost: ReadonlySet<string>): string[] {
    const passed = [...this.#pending.values()].filter(({ box, from }) => (positions.get(box) ?? from) > from);
    for (const { _id } of passed) this.#pending.delete(_id);
    return passed.flatMap(({ _id }) => (lost.has(_id) ? [] : [_id]));
  }
}
