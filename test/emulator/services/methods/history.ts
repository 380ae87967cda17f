import { RpcError, type Tl } from '../../types.js';
import type { Account, Channel, Message, Peer } from '../../world/model.js';
import { channelPeer, dialogOf, peerKey, samePeer } from '../../world/place.js';
import { present } from '../../world/rights.js';
import { seesBody } from '../../world/visibility.js';
import type { Signed, SignedAsk } from '../ask.js';
import { int, maybeInt, object, objects } from '../fields.js';
import { channelOf, inputPeer, peerOf } from '../peers.js';
import { messageTl } from '../render/message.js';
import { stateTl } from '../render/state.js';

const PAGE_MAX = 100;

export const HISTORY: Readonly<Record<string, Signed>> = {
  'messages.getMessages': (ask) => {
    const messages = wanted(ask).map((id) => messageOrEmpty(ask, ask.self.box.messages.get(id), id));
    return { _: 'messages.messages', messages, topics: [], ...ask.view.company };
  },
  'channels.getMessages': (ask) => {
    const channel = channelOf(ask);
    const messages = wanted(ask).map((id) => {
      const message = channel.box.messages.get(id);
      const seen = message && seesBody(ask.self, channel, message.body) ? message : undefined;
      return messageOrEmpty(ask, seen, id);
    });
    return channelMessages(ask, channel, messages, messages.length);
  },
  'messages.getHistory': getHistory,
  'messages.getDialogs': (ask) => {
    const { exclude, limit } = dialogPage(ask);
    const peers = dialogPeers(ask.self, ask).filter((peer) => !exclude.has(peerKey(peer)));
    const page = peers.slice(0, limit);
    const { dialogs, messages } = dialogList(ask, page);
    const whole = page.length === peers.length && exclude.size === 0;
    const count = whole ? {} : { count: peers.length + exclude.size };
    const name = whole ? 'messages.dialogs' : 'messages.dialogsSlice';
    return { _: name, ...count, dialogs, messages, ...ask.view.company };
  },
  'messages.getPeerDialogs': (ask) => {
    const inputs = objects(ask.request, 'peers').map((one) => inputPeer(ask, object(one, 'peer')));
    const { dialogs, messages } = dialogList(ask, inputs);
    return {
      _: 'messages.peerDialogs',
      dialogs,
      messages,
      ...ask.view.company,
      state: stateTl(ask.self, ask.world),
    };
  },
};

/** A channel's top message and read marks for one account. */
export function dialogTl(ask: SignedAsk, peer: Peer): Tl {
  const record = dialogOf(ask.self, peer);
  const channel = peer.kind === 'channel' ? ask.world.channel(peer.id) : undefined;
  return {
    _: 'dialog',
    peer: ask.view.peer(peer),
    top_message: topMessage(ask, peer)?.id ?? 0,
    read_inbox_max_id: record.readInboxMaxId,
    read_outbox_max_id: record.readOutboxMaxId,
    unread_count: channel ? unreadIn(channel, record.readInboxMaxId) : record.unread,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    notify_settings: { _: 'peerNotifySettings' },
    ...(channel ? { pts: channel.box.pts } : {}),
  };
}

export function unreadIn(channel: Channel, readMaxId: number): number {
  let count = 0;
  for (const id of channel.box.messages.keys()) if (id > readMaxId) count += 1;
  return count;
}

export function topMessage(ask: SignedAsk, peer: Peer): Message | undefined {
  if (peer.kind === 'user') return ask.self.box.messages.get(dialogOf(ask.self, peer).topId);
  const { box } = ask.world.channel(peer.id);
  for (let id = box.lastId; id > 0; id -= 1) {
    const message = box.messages.get(id);
    if (message) return message;
  }
  return undefined;
}

/** Ids of `Vector<InputMessage>`; replies and pins are looked up by nobody here. */
function wanted({ request }: SignedAsk): number[] {
  return objects(request, 'id').map((input) => {
    if (input._ !== 'inputMessageID') throw new RpcError(400, `not implemented: ${input._}`);
    return int(input, 'id');
  });
}

function messageOrEmpty(ask: SignedAsk, message: Message | undefined, id: number): Tl {
  return message ? messageTl(ask.view, message) : { _: 'messageEmpty', id };
}

function channelMessages(ask: SignedAsk, channel: Channel, messages: Tl[], count: number): Tl {
  ask.view.channel(channel.id);
  const { pts } = channel.box;
  return { _: 'messages.channelMessages', pts, count, messages, topics: [], ...ask.view.company };
}

/** Newest first, from `offset_id` (exclusive) moved by `add_offset`, inside (min_id, max_id). */
function getHistory(ask: SignedAsk): Tl {
  const { request } = ask;
  const peer = peerOf(ask);
  const limit = Math.min(int(request, 'limit'), PAGE_MAX);
  const offsetId = int(request, 'offset_id');
  const offsetDate = int(request, 'offset_date');
  const maxId = int(request, 'max_id');
  const minId = int(request, 'min_id');
  const box = peer.kind === 'channel' ? ask.world.channel(peer.id).box : ask.self.box;
  const all = [...box.messages.values()].filter((message) => samePeer(message.peer, peer)).reverse();
  const before = (message: Message): boolean =>
    (offsetId === 0 || message.id < offsetId) && (offsetDate === 0 || message.body.date < offsetDate);
  const first = all.findIndex(before);
  const start = Math.max(0, (first < 0 ? all.length : first) + int(request, 'add_offset'));
  const page = all.slice(start, start + limit).filter(({ id }) => (maxId === 0 || id < maxId) && id > minId);
  const messages = page.map((message) => messageTl(ask.view, message));
  if (peer.kind === 'channel') {
    return channelMessages(ask, ask.world.channel(peer.id), messages, all.length);
  }
  ask.view.peer(peer);
  const whole = page.length === all.length;
  return whole
    ? { _: 'messages.messages', messages, topics: [], ...ask.view.company }
    : { _: 'messages.messagesSlice', count: all.length, messages, topics: [], ...ask.view.company };
}

/** Newest conversation first. */
function dialogPeers(self: Account, ask: SignedAsk): Peer[] {
  const peers: Peer[] = [...self.dialogs.values()]
    .filter(({ peer, topId }) => peer.kind === 'user' && topId > 0)
    .map(({ peer }) => peer);
  for (const channel of ask.world.channels.values()) {
    if (!channel.deleted && present(channel, self.id)) peers.push(channelPeer(channel.id));
  }
  const date = (peer: Peer): number => topMessage(ask, peer)?.body.date ?? 0;
  return peers.sort((a, b) => date(b) - date(a));
}

/** Pages go by `offset_peer`: everything up to it has been seen. */
function dialogPage(ask: SignedAsk): { exclude: Set<string>; limit: number } {
  const limit = Math.min(Math.max(int(ask.request, 'limit'), 1), PAGE_MAX);
  const offset = object(ask.request, 'offset_peer');
  const exclude = new Set<string>();
  if (offset._ === 'inputPeerEmpty' || maybeInt(ask.request, 'folder_id') === 1) return { exclude, limit };
  const last = peerKey(inputPeer(ask, offset));
  for (const peer of dialogPeers(ask.self, ask)) {
    exclude.add(peerKey(peer));
    if (peerKey(peer) === last) break;
  }
  return { exclude, limit };
}

function dialogList(ask: SignedAsk, peers: Peer[]): { dialogs: Tl[]; messages: Tl[] } {
  const dialogs = peers.map((peer) => dialogTl(ask, peer));
  const tops = peers.map((peer) => topMessage(ask, peer)).filter((message) => message !== undefined);
  return { dialogs, messages: tops.map((message) => messageTl(ask.view, message)) };
}
