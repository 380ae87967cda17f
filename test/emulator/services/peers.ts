import { RpcError, type Tl } from '../types.js';
import type { Account, Channel, Peer } from '../world/model.js';
import { peerKey } from '../world/place.js';
import { present } from '../world/rights.js';
import type { SignedAsk } from './ask.js';
import { int, long, maybeObject, object } from './fields.js';
import { accessHash } from './hashes.js';

/** InputPeer → peer, the access hash checked. Throws PEER_ID_INVALID, CHANNEL_INVALID. */
export function peerOf(ask: SignedAsk, field = 'peer'): Peer {
  return inputPeer(ask, object(ask.request, field));
}

export function inputPeer(ask: SignedAsk, input: Tl): Peer {
  switch (input._) {
    case 'inputPeerSelf':
      return { kind: 'user', id: ask.self.id };
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return { kind: 'user', id: knownUser(ask, input, 'PEER_ID_INVALID').id };
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return { kind: 'channel', id: inputChannel(ask, input).id };
    default:
      throw new RpcError(400, 'PEER_ID_INVALID');
  }
}

/** InputUser → account. Throws USER_ID_INVALID. */
export function inputUser(ask: SignedAsk, input: Tl): Account {
  if (input._ === 'inputUserSelf') return ask.self;
  if (input._ === 'inputUserEmpty') throw new RpcError(400, 'USER_ID_INVALID');
  return knownUser(ask, input, 'USER_ID_INVALID');
}

export function userOf(ask: SignedAsk, field: string): Account {
  return inputUser(ask, object(ask.request, field));
}

/** InputChannel (or InputPeerChannel) → channel. Throws CHANNEL_INVALID, CHANNEL_PRIVATE. */
export function inputChannel(ask: SignedAsk, input: Tl): Channel {
  if (input['channel_id'] === undefined) throw new RpcError(400, 'CHANNEL_INVALID');
  const channel = ask.world.channel(int(input, 'channel_id'));
  if (maybeObject(input, 'peer')) return channel;
  const hash = long(input, 'access_hash');
  const member = present(channel, ask.self.id) !== undefined;
  if (hash === 0n && ask.self.bot && member) return channel;
  if (hash !== accessHash(ask.self.id, 'channel', channel.id)) throw new RpcError(400, 'CHANNEL_INVALID');
  if (!member && channel.username === undefined) throw new RpcError(400, 'CHANNEL_PRIVATE');
  return channel;
}

/** By `channel` (methods of channels.*) or `peer` (their successors in messages.*). */
export function channelOf(ask: SignedAsk): Channel {
  const input = maybeObject(ask.request, 'channel') ?? object(ask.request, 'peer');
  return inputChannel(ask, input);
}

function knownUser(ask: SignedAsk, input: Tl, error: string): Account {
  const account = ask.world.accounts.get(int(input, 'user_id'));
  if (!account) throw new RpcError(400, error);
  if (maybeObject(input, 'peer')) return account;
  const hash = long(input, 'access_hash');
  if (hash === 0n && ask.self.bot && hasMet(ask, account)) return account;
  if (hash !== accessHash(ask.self.id, 'user', account.id)) throw new RpcError(400, error);
  return account;
}

/** Bots may leave the hash out for people they talk with or share a group with. */
function hasMet({ self, world }: SignedAsk, account: Account): boolean {
  if (account.id === self.id || self.dialogs.has(peerKey({ kind: 'user', id: account.id }))) return true;
  return [...world.channels.values()].some(
    (channel) => present(channel, self.id) && present(channel, account.id),
  );
}
