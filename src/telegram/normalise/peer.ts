/** Peers and users of TL as ours. */

import type { tl } from '@mtcute/tl';

import { peerOf, type Peer } from '../../domain/ids.js';

export function peerFromTl(peer: tl.TypePeer): Peer {
  switch (peer._) {
    case 'peerUser':
      return peerOf('user', peer.userId);
    case 'peerChat':
      return peerOf('chat', peer.chatId);
    case 'peerChannel':
      return peerOf('channel', peer.channelId);
  }
}
