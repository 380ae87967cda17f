import { RpcError, type Tl } from '../../types.js';
import type { Sequenced } from '../../world/box.js';
import type { Channel } from '../../world/model.js';
import { channelPeer } from '../../world/place.js';
import { requirePresent } from '../../world/rights.js';
import { sees, seesBody } from '../../world/visibility.js';
import type { Signed, SignedAsk } from '../ask.js';
import { int } from '../fields.js';
import { channelOf } from '../peers.js';
import { splitTl } from '../render/difference.js';
import { messageTl } from '../render/message.js';
import { dialogTl } from './history.js';

const USERS_MAX = 100;
const BOTS_MAX = 100_000;
const TOO_LONG_MESSAGES = 20;

export const CHANNEL_UPDATES: Readonly<Record<string, Signed>> = {
  'updates.getChannelDifference': getChannelDifference,
};

/** A bot's difference leaves out what it can't see; its pts moves on all the same. */
function getChannelDifference(ask: SignedAsk): Tl {
  const { request, self, desk } = ask;
  const channel = channelOf(ask);
  requirePresent(channel, self);
  const { box } = channel;
  const pts = int(request, 'pts');
  if (pts <= 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY');
  if (pts > box.pts) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID');
  if (box.pts - pts > desk.difference.channelTooLong) return tooLong(ask, channel);
  const limit = Math.min(Math.max(int(request, 'limit'), 1), self.bot ? BOTS_MAX : USERS_MAX);
  const events = box.since(pts);
  const page = events.slice(0, limit);
  const last = page.at(-1)?.pts ?? box.pts;
  const final = page.length === events.length ? { final: true } : {};
  const seen = page
    .map((event) => sees(self, channel, event))
    .filter((event): event is Sequenced => event !== undefined);
  if (seen.length === 0) {
    return { _: 'updates.channelDifferenceEmpty', ...final, pts: last, timeout: 1 };
  }
  ask.view.channel(channel.id);
  const { messages, updates } = splitTl(ask.view, seen);
  return {
    _: 'updates.channelDifference',
    ...final,
    pts: last,
    timeout: 1,
    new_messages: messages,
    other_updates: updates,
    ...ask.view.company,
  };
}

/** The latest messages only; what lies between is the client's hole. */
function tooLong(ask: SignedAsk, channel: Channel): Tl {
  const latest = [...channel.box.messages.values()]
    .filter(({ body }) => seesBody(ask.self, channel, body))
    .slice(-TOO_LONG_MESSAGES)
    .reverse();
  return {
    _: 'updates.channelDifferenceTooLong',
    final: true,
    timeout: 1,
    dialog: dialogTl(ask, channelPeer(channel.id)),
    messages: latest.map((message) => messageTl(ask.view, message)),
    ...ask.view.company,
  };
}
