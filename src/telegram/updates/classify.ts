/** Which counter an update obeys (mtproto.md §2.2 "Classification"). */
import type { tl } from '@mtcute/tl';

export type Place =
  | { readonly at: 'common'; readonly pts: number; readonly count: number }
  | { readonly at: 'channel'; readonly channel: number; readonly pts: number; readonly count: number }
  | { readonly at: 'qts'; readonly qts: number }
  /** Speaks to the engine itself. */
  | { readonly at: 'control' }
  /** Under no counter but the container's seq; `hint`: tells where its channel's counter stands. */
  | { readonly at: 'free'; readonly channel?: number; readonly hint?: number }
  /** Claims a counter but does not say whose: only a difference helps. */
  | { readonly at: 'nowhere' };

type Counted = Extract<tl.TypeUpdate, { pts: number; ptsCount: number }>;

/** A counter of 0 counts nothing: business updates come with qts 0, and following it would start a loop. */
export function placeOf(update: tl.TypeUpdate): Place {
  if ('ptsCount' in update) return countedPlace(update);
  if ('qts' in update) return update.qts === 0 ? { at: 'free' } : { at: 'qts', qts: update.qts };
  switch (update._) {
    case 'updateChannelTooLong':
    case 'updateChannel':
    case 'updatePtsChanged':
      return { at: 'control' };
    case 'updateReadChannelInbox':
      return { at: 'free', channel: update.channelId, hint: update.pts };
    case 'updateReadChannelOutbox':
      return { at: 'free', channel: update.channelId };
    default:
      return { at: 'free' };
  }
}

function countedPlace(update: Counted): Place {
  const channel = channelOf(update);
  if (update.pts === 0) return { at: 'free', ...(typeof channel === 'number' ? { channel } : {}) };
  const counter = { pts: update.pts, count: update.ptsCount };
  if (channel === 'common') return { at: 'common', ...counter };
  return channel === undefined ? { at: 'nowhere' } : { at: 'channel', channel, ...counter };
}

/** Undefined: a channel's update that does not name the channel. */
function channelOf(update: Counted): number | 'common' | undefined {
  switch (update._) {
    case 'updateNewChannelMessage':
    case 'updateEditChannelMessage':
      return update.message.peerId?._ === 'peerChannel' ? update.message.peerId.channelId : undefined;
    default:
      return 'channelId' in update ? update.channelId : 'common';
  }
}
