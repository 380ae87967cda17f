/** Where an update stands against a counter. Rules: core.telegram.org/api/updates; the two limits are TDLib's (UpdatesManager). */

/**
 * `next` applies · `twin` ends exactly where we are: a copy, or a second update under the same number (the journal's key
 * tells them apart) · `behind` was applied · `ahead` misses something before it · `reset` and `invalid` prove that only
 * Telegram can say where we are.
 */
export type Position = 'next' | 'twin' | 'behind' | 'ahead' | 'reset' | 'invalid';

/** A counter that falls by more than this was started anew by Telegram. */
export const resetDrop = 1_000_009;
const impossibleRise = 2 ** 30;

/** `end` is the counter after the update, `count` how many events it stands for. */
export function positionOf(at: number, end: number, count: number): Position {
  if (count < 0 || end < count || end > at + impossibleRise) return 'invalid';
  if (end < at - resetDrop) return 'reset';
  if (end - count === at) return 'next';
  if (end === at) return 'twin';
  return end < at ? 'behind' : 'ahead';
}

/** The counter after an authoritative answer: never back by a little (a lagging server), but back after a reset. */
export function forward(at: number, answered: number): number {
  return answered >= at || answered < at - resetDrop ? answered : at;
}
