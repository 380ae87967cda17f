/** The twin link: which post in the topic is which message of the client's dialog. */

import type { Box, ConnectionId, DialogId, Peer } from './ids.js';

export interface MessageLink {
  readonly connection: ConnectionId;
  readonly dialog: DialogId;
  readonly box: Box;
  readonly peer: Peer;
  readonly msgId: number;
  /** A long message may need several posts; part 0 is the one that replies point at. */
  readonly part: number;
  readonly group: Peer;
  readonly topic: number;
  readonly postId: number;
  readonly side: 'in' | 'intercepted' | 'operator';
  readonly delivery: string;
  /** Unix seconds. */
  readonly date: number;
}
