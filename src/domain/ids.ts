/** Branded ids; only this module makes and parses them. Row ids join their parts with `-` (BullMQ refuses `:`). */

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** One Telegram session of ours: a connection (`c7000000001`) or a desk bot (`d7000000002`). */
export type OwnerId = ConnectionId | DeskId;
export type ConnectionId = Branded<string, 'ConnectionId'>;
export type DeskId = Branded<string, 'DeskId'>;

/** A Telegram peer: `user:1`, `chat:1`, `channel:1` (bare positive ids, decimal). */
export type Peer = Branded<string, 'Peer'>;
export type PeerKind = 'user' | 'chat' | 'channel';

/** Where message ids are unique within one account: `common`, or `channel:ID`. */
export type Box = Branded<string, 'Box'>;

/** One peer of one connection: `c7000000001-user-7000000005`. */
export type DialogId = Branded<string, 'DialogId'>;

export const commonBox = 'common' as Box;

/** The connection of a bot or account, by its Telegram user id: logging in again finds the same row. */
export function connectionId(userId: string): ConnectionId {
  return `c${userId}` as ConnectionId;
}

/** The desk session of a bot, by its Telegram user id. */
export function deskId(userId: string): DeskId {
  return `d${userId}` as DeskId;
}

/** Whether a session belongs to a desk bot. */
export function isDesk(owner: OwnerId): owner is DeskId {
  return owner.startsWith('d');
}

/** The Telegram user id behind a session. */
export function ownerUserId(owner: OwnerId): string {
  return owner.slice(1);
}

/** A peer from its kind and bare id (decimal, positive). */
export function peerOf(kind: PeerKind, id: string | number | bigint): Peer {
  return `${kind}:${id.toString()}` as Peer;
}

/** Kind and bare id of a peer. */
export function peerParts(peer: Peer): { kind: PeerKind; id: string } {
  const [kind, id] = peer.split(':') as [PeerKind, string];
  return { kind, id };
}

/** The box in which a peer's messages are numbered: channels have their own, everything else shares `common`. */
export function boxOf(peer: Peer): Box {
  return (peer.startsWith('channel:') ? peer : commonBox) as unknown as Box;
}

/** The box of a channel by bare id. */
export function channelBox(id: string): Box {
  return `channel:${id}` as Box;
}

/** A peer from a marked id (`-1002000000001`, `-5`, `7`), as the Bot API and our command line write it; undefined if malformed. */
export function peerFromMarked(marked: string): Peer | undefined {
  const match = /^(-100|-)?([1-9]\d*)$/.exec(marked);
  if (match === null) return undefined;
  const kind: PeerKind = match[1] === '-100' ? 'channel' : match[1] === '-' ? 'chat' : 'user';
  return peerOf(kind, match[2] ?? '');
}

/** The marked id of a peer. */
export function markedId(peer: Peer): string {
  const { kind, id } = peerParts(peer);
  return kind === 'channel' ? `-100${id}` : kind === 'chat' ? `-${id}` : id;
}

/** The dialog of a peer on a connection. */
export function dialogId(connection: ConnectionId, peer: Peer): DialogId {
  return `${connection}-${peer.replace(':', '-')}` as DialogId;
}

/** Text joined for a row id: `:` never survives. */
export function rowId(...parts: (string | number)[]): string {
  return parts.join('-').replaceAll(':', '-');
}
