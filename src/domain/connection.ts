/** A connection: one bot or personal account held as our own session, linked to one backend group. */

import type { ConnectionId, DeskId, OwnerId, Peer } from './ids.js';

export type ConnectionKind = 'bot' | 'account';

export type ConnectionState =
  'connecting' | 'live' | 'catching-up' | 'flood-waiting' | 'needs-login' | 'stopped';

export interface Connection {
  readonly id: ConnectionId;
  readonly kind: ConnectionKind;
  /** Its own Telegram user. */
  readonly peer: Peer;
  /** Shown to the team: the bot's or person's name. */
  readonly name: string;
  readonly username?: string;
  /** The backend group, always a channel peer. */
  readonly group: Peer;
  readonly state: ConnectionState;
  /** A plain sentence for the state, where it needs one. */
  readonly stateReason?: string;
  /** Unix ms. */
  readonly stateSince: number;
  readonly createdAt: number;
}

/** A desk bot: posts in backend groups, reads the operators. */
export interface Desk {
  readonly id: DeskId;
  readonly peer: Peer;
  readonly username?: string;
}

/** Everybody who runs a session of ours. */
export type Owner =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'desk'; readonly desk: Desk };

export function ownerId(owner: Owner): OwnerId {
  return owner.kind === 'desk' ? owner.desk.id : owner.connection.id;
}
