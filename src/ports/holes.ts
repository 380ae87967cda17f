/** Stretches that Telegram would not replay, as people hear of them; the engine writes them (ports/updates.ts). */

import type { OwnerId } from '../domain/ids.js';
import type { Hole } from './updates.js';

/** Open holes of one owner. */
export interface OpenHoles {
  readonly owner: OwnerId;
  readonly count: number;
  /** Of these, holes that nothing will fetch. */
  readonly lost: number;
}

/**
 * `lost`: nothing will fetch it, and nobody has been told. `found`: it was fetched after all, and its team still believes that it
 * was not.
 */
export type HoleNews = 'lost' | 'found';

/** A hole that its team must hear of. */
export interface UntoldHole extends Hole {
  readonly news: HoleNews;
  /** When it was lost, or found, unix ms. */
  readonly at: number;
  /** When the last message before it was received, unix ms; absent where none is known. */
  readonly knownUntil?: number;
}

export interface Holes {
  /** Holes with news, the oldest of each kind first. */
  untold(limit: number): Promise<UntoldHole[]>;
  /** The team will hear of it: called once the alert is durable. Does nothing when the hole has other news by now. */
  told(id: string, news: HoleNews): Promise<void>;
  /** By owner; an owner without any is absent, and his box is complete (UpdateStore.countOpenHoles says why). */
  countOpen(): Promise<OpenHoles[]>;
  /** Holes ever recorded, open or closed, by reason; a reason without any is absent. */
  countEver(): Promise<{ readonly reason: Hole['reason']; readonly count: number }[]>;
}
