/** Groups and channels whose relation to us has changed, as updates tell it: only a hint, no counter stands behind it. */

import type { tl } from '@mtcute/tl';

/** Joined, left, promoted, demoted, topics turned on or off. `self`: our own user id. */
export function changedChannels(updates: tl.TypeUpdates, self: number): number[] {
  switch (updates._) {
    case 'updateShort':
      return channelOf(updates.update, self);
    case 'updates':
    case 'updatesCombined':
      return updates.updates.flatMap((update) => channelOf(update, self));
    default:
      return [];
  }
}

function channelOf(update: tl.TypeUpdate, self: number): number[] {
  if (update._ === 'updateChannel') return [update.channelId];
  return update._ === 'updateChannelParticipant' && update.userId === self ? [update.channelId] : [];
}
