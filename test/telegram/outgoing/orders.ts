import type { tl } from '@mtcute/tl';

import { plain, type Media } from '../../../src/domain/content.js';
import { connectionId, deskId, peerOf } from '../../../src/domain/ids.js';
import type { OutgoingPart, Sender, SendOrder } from '../../../src/ports/telegram.js';
import type { Transfers } from '../../../src/telegram/media/transfer.js';
import { long } from '../../../src/telegram/tl/long.js';
import { createSender } from '../../../src/telegram/outgoing/sender.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { forum } from '../normalise/wire.js';
import { PeersInMemory, sessionsOf, type FakeSession } from './fake-session.js';

export const desk = deskId('7000000002');
export const owner = connectionId('7000000001');
export const client = peerOf('user', 7000000005);
export const group = peerOf('channel', forum.id);
export const clientInput = { _: 'inputPeerUser', userId: 7000000005, accessHash: long('-9') };

export const noTransfers: Transfers = {
  carry: () => Promise.reject(new Error('nothing to carry here')),
};

export async function senderOf(session: FakeSession, transfers = noTransfers): Promise<Sender> {
  const peers = createPeerDirectory({ peers: new PeersInMemory(), sessionOf: sessionsOf(session) });
  const ann: tl.RawUser = { _: 'user', id: 7000000005, firstName: 'Ann', accessHash: long('-9') };
  await peers.save(session.owner, [ann], [forum]);
  return createSender({ sessionOf: sessionsOf(session), peers, transfers });
}

export function text(words: string, randomId = '-8000000000000000001'): OutgoingPart {
  return { content: { text: plain(words) }, randomId };
}

export function withMedia(media: Media, randomId: string, words = ''): OutgoingPart {
  return { content: { text: plain(words), media }, randomId };
}

export function order(fields: Partial<SendOrder> = {}): SendOrder {
  return { owner, peer: client, parts: [text('Hello')], ...fields };
}

export const short: tl.RawUpdateShortSentMessage = {
  _: 'updateShortSentMessage',
  out: true,
  id: 77,
  pts: 1,
  ptsCount: 1,
  date: 1,
};

export function numbered(...pairs: [string, number][]): tl.RawUpdates {
  const updates = pairs.map(([randomId, id]): tl.TypeUpdate => ({
    _: 'updateMessageID',
    id,
    randomId: long(randomId),
  }));
  return { _: 'updates', updates, users: [], chats: [], date: 1, seq: 0 };
}
