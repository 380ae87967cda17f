/** Peers as each session may address them. Access hashes belong to one account and never cross over. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import { markedId, ownerUserId, peerOf, peerParts, type OwnerId, type Peer } from '../../domain/ids.js';
import type { Peers } from '../../ports/store.js';
import { createAccessHashes } from './access-hashes.js';
import { long } from '../tl/long.js';
import { profilesOf } from '../normalise/profiles.js';
import { isRpcError } from '../rpc/errors.js';
import { liveSession, type SessionOf } from './session.js';

export interface PeerDirectory {
  /** Throws PEER_UNKNOWN where the session has not met the peer. */
  inputPeer(owner: OwnerId, peer: Peer): Promise<tl.TypeInputPeer>;
  inputUser(owner: OwnerId, peer: Peer): Promise<tl.TypeInputUser>;
  inputChannel(owner: OwnerId, peer: Peer): Promise<tl.TypeInputChannel>;
  /** Stores the peers that came with an answer or update. */
  save(owner: OwnerId, users: readonly tl.TypeUser[], chats: readonly tl.TypeChat[]): Promise<void>;
  /** Whether a hash that may be used for sending is in memory: the update engine asks this for short messages. */
  knows(owner: OwnerId, peer: Peer): boolean;
  /** The channel as Telegram shows it to this session now; undefined where it shows none. */
  fetchChannel(owner: OwnerId, peer: Peer): Promise<tl.RawChannel | undefined>;
}

interface Deps {
  readonly peers: Peers;
  readonly sessionOf: SessionOf;
  /** Access hashes kept in memory over all sessions; the store has the rest. */
  readonly remembered?: number;
}

/** The hash that a bot may use for a channel it was added to but never saw. Source: core.telegram.org/api/bots. */
const noHash = '0';

export function createPeerDirectory({ peers, sessionOf, remembered = 20_000 }: Deps): PeerDirectory {
  const hashes = createAccessHashes(peers, remembered);

  const save: PeerDirectory['save'] = (owner, users, chats) => hashes.save(owner, profilesOf(users, chats));

  const fetchChannel: PeerDirectory['fetchChannel'] = async (owner, peer) => {
    const session = liveSession(sessionOf, owner);
    const hash = (await hashes.of(owner, peer)) ?? (session.kind === 'bot' ? noHash : undefined);
    if (hash === undefined) return undefined;
    const id = [inputChannelOf(peer, hash)];
    const { chats } = await session.call({ _: 'channels.getChannels', id }).catch(refusedAsNothing);
    await save(owner, [], chats);
    return chats.filter((chat) => chat._ === 'channel').find(({ id }) => peerOf('channel', id) === peer);
  };

  const inputChannel = async (owner: OwnerId, peer: Peer): Promise<tl.RawInputChannel> => {
    const hash = (await hashes.of(owner, peer)) ?? (await fetchChannel(owner, peer))?.accessHash?.toString();
    return inputChannelOf(peer, hash ?? unknown(peer));
  };

  const inputUser = async (owner: OwnerId, peer: Peer): Promise<tl.RawInputUser | tl.RawInputUserSelf> => {
    const { kind, id } = peerParts(peer);
    if (kind !== 'user') return unknown(peer);
    if (id === ownerUserId(owner)) return { _: 'inputUserSelf' };
    const hash = (await hashes.of(owner, peer)) ?? unknown(peer);
    return { _: 'inputUser', userId: Number(id), accessHash: long(hash) };
  };

  return {
    inputUser,
    inputChannel,
    async inputPeer(owner, peer) {
      const { kind, id } = peerParts(peer);
      if (kind === 'chat') return { _: 'inputPeerChat', chatId: Number(id) };
      if (kind === 'channel') return { ...(await inputChannel(owner, peer)), _: 'inputPeerChannel' };
      const user = await inputUser(owner, peer);
      return user._ === 'inputUserSelf' ? { _: 'inputPeerSelf' } : { ...user, _: 'inputPeerUser' };
    },
    save,
    knows: (owner, peer) => peerParts(peer).kind === 'chat' || hashes.holds(owner, peer),
    fetchChannel,
  };
}

function inputChannelOf(peer: Peer, hash: string): tl.RawInputChannel {
  const { kind, id } = peerParts(peer);
  if (kind !== 'channel') return unknown(peer);
  return { _: 'inputChannel', channelId: Number(id), accessHash: long(hash) };
}

/** Telegram shows the channel to others only. */
function refusedAsNothing(thrown: unknown): Pick<tl.messages.RawChats, 'chats'> {
  if (isRpcError(thrown, 'CHANNEL_INVALID', 'CHANNEL_PRIVATE', 'USER_BANNED_IN_CHANNEL'))
    return { chats: [] };
  throw thrown;
}

function unknown(peer: Peer): never {
  throw new GatewayError('PEER_UNKNOWN', markedId(peer));
}
