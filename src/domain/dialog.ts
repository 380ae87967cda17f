/** A dialog: one peer of one connection, tied to exactly one topic of the backend group. */

import type { ConnectionId, DialogId, Peer } from './ids.js';

/** `creating` is written before Telegram is asked, with the random id that makes asking again harmless. */
export type TopicState =
  | { readonly state: 'none' }
  | { readonly state: 'creating'; readonly randomId: string }
  | { readonly state: 'open'; readonly randomId: string; readonly id: number };

export interface Dialog {
  readonly id: DialogId;
  readonly connection: ConnectionId;
  readonly peer: Peer;
  readonly group: Peer;
  readonly topic: TopicState;
  /**
   * Topics that it had before (`placeOf`), the last one last: deleted ones, where an operator may have written just before, and those
   * of groups that its connection has left.
   */
  readonly formerPlaces?: readonly string[];
  /** Unix ms. */
  readonly createdAt: number;
}

/** Names a topic among those of all groups. */
export function placeOf(group: Peer, topic: number): string {
  return `${group}/${topic}`;
}

/** The topic that a dialog goes on in when it moves to this group: the one it had there before, if any. */
export function topicAfterMove({ formerPlaces = [] }: Dialog, group: Peer): TopicState {
  const before = formerPlaces.findLast((place) => place.startsWith(`${group}/`));
  return before === undefined
    ? { state: 'none' }
    : { state: 'open', randomId: '', id: Number(before.slice(group.length + 1)) };
}

/** What we know of a person or chat, as one session saw it. */
export interface Profile {
  readonly peer: Peer;
  readonly name: string;
  readonly username?: string;
  readonly language?: string;
  readonly premium?: boolean;
  readonly bot?: boolean;
}
