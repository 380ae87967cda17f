import { RpcError, type Tl } from '../../types.js';
import type { Sequenced } from '../../world/box.js';
import type { WorldEvent } from '../../world/events.js';
import type { Account } from '../../world/model.js';
import { present } from '../../world/rights.js';
import type { Signed, SignedAsk } from '../ask.js';
import { int, maybeInt } from '../fields.js';
import { splitTl } from '../render/difference.js';
import { SEQ, stateTl } from '../render/state.js';
import { CHANNEL_UPDATES } from './channel-difference.js';

/** The account's own sequences (core.telegram.org/api/updates). */
export const UPDATES: Readonly<Record<string, Signed>> = {
  'updates.getState': ({ self, world }) => stateTl(self, world),
  'updates.getDifference': getDifference,
  ...CHANNEL_UPDATES,
};

/** In order: what the common box holds after `pts` (at most a slice), qts events, and a hint per channel with news. */
function getDifference(ask: SignedAsk): Tl {
  const { self, desk, request } = ask;
  const pts = int(request, 'pts');
  if (pts <= 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY');
  const total = maybeInt(request, 'pts_total_limit') ?? desk.difference.tooLong;
  if (self.box.pts - pts > total) return { _: 'updates.differenceTooLong', pts: self.box.pts };
  const limit = Math.min(maybeInt(request, 'pts_limit') ?? Infinity, desk.difference.slice);
  const events = self.box.since(pts);
  const page = firstPage(events, pts, limit);
  const last = page.at(-1)?.pts ?? self.box.pts;
  const rest: WorldEvent[] = [...page, ...qtsEvents(self, int(request, 'qts'))];
  const { messages, updates } = splitTl(ask.view, rest);
  const hints = channelHints(ask, int(request, 'date'));
  const state = { ...stateTl(self, ask.world), pts: last };
  if (rest.length === 0 && hints.length === 0 && pts === self.box.pts) {
    return { _: 'updates.differenceEmpty', date: ask.world.now(), seq: SEQ };
  }
  const sliced = page.length < events.length;
  return {
    _: sliced ? 'updates.differenceSlice' : 'updates.difference',
    new_messages: messages,
    new_encrypted_messages: [],
    other_updates: [...updates, ...hints],
    ...ask.view.company,
    ...(sliced ? { intermediate_state: state } : { state }),
  };
}

/** As many events as `limit` counts of pts allow, but always one. */
function firstPage(events: Sequenced[], pts: number, limit: number): Sequenced[] {
  return events.filter((event, index) => index === 0 || event.pts - pts <= limit);
}

function qtsEvents(self: Account, qts: number): WorldEvent[] {
  return self.qtsLog.filter((entry) => entry.qts > qts).map(({ event }) => event);
}

/** Channels that changed since the client's date; the same second counts, so that none is passed over. */
function channelHints(ask: SignedAsk, date: number): Tl[] {
  const hints: Tl[] = [];
  for (const channel of ask.world.channels.values()) {
    if (channel.deleted || !present(channel, ask.self.id) || channel.box.changedAt < date) continue;
    if (channel.box.log.length === 0) continue;
    ask.view.channel(channel.id);
    hints.push({ _: 'updateChannelTooLong', channel_id: BigInt(channel.id), pts: channel.box.pts });
  }
  return hints;
}
