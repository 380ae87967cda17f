/** Updates of channels: each has its own counter, and most are met first through an update. */
import type { Slot } from './box.js';
import { offer, postpone, releaseAll } from './box.js';
import { apply, putChannel, type Draft } from './draft.js';
import { ask, endFlight, takesWhatFits } from './flight.js';
import { openHole } from './backfill.js';
import { boundWaiting, goBack, watchGap } from './landing.js';
import { newChannel, type ChannelState, type Item } from './state.js';
import { isNew } from './synthetic.js';

/** An update under a channel's pts. `incomplete`: it names peers we do not know, only a difference can be applied. */
export function offerChannel(d: Draft, id: number, slot: Slot<Item>, incomplete = false): void {
  const channel = channelFor(d, id, slot);
  if (slot.end <= channel.base) {
    // The channel began earlier than guessed: nothing covers this yet. From there again; keys swallow the copies.
    const start = slot.end - Math.max(slot.count, 1);
    putChannel(d, { ...channel, earlier: Math.min(start, channel.earlier ?? start) });
    goBack(d, id);
  } else if (slot.end <= (channel.reached ?? 0)) {
    // On its way back: the difference under way brings it, or knows that it is gone.
    return;
  } else if (incomplete) {
    ask(d, id);
  } else if (takesWhatFits(d, id)) {
    const moved = offer(channel.pts, slot);
    putChannel(d, { ...channel, pts: moved.box });
    apply(d, id, moved.released);
    if (moved.position === 'reset' || moved.position === 'invalid') ask(d, id);
  } else {
    putChannel(d, { ...channel, pts: postpone(channel.pts, slot) });
    if (channel.status === 'inaccessible') ask(d, id);
  }
  boundWaiting(d, id);
  watchGap(d, id);
}

/** Somebody tells where a channel stands (a read mark): no event by itself, but it shows that one is missing. */
export function hintChannel(d: Draft, id: number, pts: number): void {
  const channel = d.state.channels.get(id);
  if (channel?.status === 'live' && pts > channel.pts.at) {
    offerChannel(d, id, { end: pts, count: 0, items: [] });
  }
}

/** `updateChannelTooLong`: more happened there than Telegram pushes. Due even after a crash, so it is stored. */
export function onChannelTooLong(d: Draft, id: number, pts: number | undefined): void {
  const channel = d.state.channels.get(id);
  if (channel === undefined) {
    meet(d, id);
  } else if (pts === undefined || pts > channel.pts.at || channel.flight.stage === 'asking') {
    putChannel(d, { ...channel, status: 'diff' });
    ask(d, id);
  }
}

/** `updateChannel`: joined, left, or changed. A closed door may be open again. */
export function onChannelChanged(d: Draft, id: number): void {
  const channel = d.state.channels.get(id);
  if (channel === undefined) meet(d, id);
  else if (channel.status === 'inaccessible') reopen(d, channel);
}

/** A channel whose difference was due when the process ended. */
export function resumeChannel(d: Draft, channel: ChannelState): void {
  if (channel.status === 'diff') reopen(d, channel);
}

/** Telegram refuses the channel. What was pushed to us is real all the same (our own removal): it is applied over the gap. */
export function onInaccessible(d: Draft, id: number): void {
  const channel = d.state.channels.get(id);
  if (channel === undefined) return;
  const { flight } = channel;
  // Until the door opens again and the same hole is found anew.
  if (flight.stage !== 'none' && flight.question.ask === 'probe') d.lost.push(flight.question.hole);
  endFlight(d, id);
  const [first] = channel.pts.waiting;
  const from = channel.pts.at;
  if (first !== undefined && first.end - first.count > from) {
    const hole = openHole(d, id, {
      reason: 'inaccessible',
      counter: 'pts',
      from,
      to: first.end - first.count,
      afterMsgId: channel.lastMsgId,
    });
    d.lost.push(hole);
  }
  const moved = releaseAll(channel.pts);
  putChannel(d, { ...channel, pts: moved.box, status: 'inaccessible', flight: { stage: 'none' } });
  apply(d, id, moved.released);
}

/** First heard of without an update: only Telegram can say where its counter stands. */
function meet(d: Draft, id: number): void {
  const channel = newcomer(d, id, 0);
  putChannel(d, channel);
  reopen(d, channel);
}

function newcomer(d: Draft, id: number, pts: number): ChannelState {
  const chat = d.chats.find((along) => along.id === id);
  const hash = chat?._ === 'channel' && chat.min !== true ? chat.accessHash?.toString() : undefined;
  return { ...newChannel(id, pts), ...(hash === undefined ? {} : { accessHash: hash }) };
}

function reopen(d: Draft, channel: ChannelState): void {
  putChannel(d, { ...channel, status: 'diff' });
  if (channel.pts.at === 0) ask(d, channel.id, { ask: 'state', why: 'first-seen' });
  else ask(d, channel.id);
}

/**
 * The channel, made if need be. A first update sets the counter to just before it, and others that come within the gap time
 * may still lower it; then the difference from there is the truth.
 */
function channelFor(d: Draft, id: number, slot: Slot<Item>): ChannelState {
  const start = slot.end - Math.max(slot.count, 1);
  const known = d.state.channels.get(id);
  const guessed = known?.status === 'diff' && known.base === known.pts.at;
  const settled = known !== undefined && known.pts.at > 0;
  if (settled && !(guessed && known.flight.stage === 'none' && start < known.base)) return known;
  const channel = {
    ...(known ?? newcomer(d, id, start)),
    base: start,
    pts: { at: start, waiting: known?.pts.waiting ?? [] },
    lastMsgId: slot.items.flatMap(({ update }) => (isNew(update) ? [update.message.id - 1] : []))[0] ?? 0,
  };
  putChannel(d, channel);
  return channel;
}
