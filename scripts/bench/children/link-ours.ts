/** Our client: link and middlewares, no update engine above it. */

import Long from 'long';
import { createClient } from '../../../src/telegram/rpc/client.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { silentLog } from '../../../test/support/silent-log.js';
import { serveLink } from './link-bench.js';

serveLink(async ({ host, port, dc, publicKeyPem, authKey, friend }) => {
  const client = createClient({
    server: { kind: 'custom', host, port, publicKeyPem },
    dc,
    authKey: Buffer.from(authKey, 'base64'),
    identity: { apiId: 1, apiHash: 'hash', deviceModel: 'bench', appVersion: '1' },
    clock: systemClock,
    log: silentLog,
  });
  await client.call({ _: 'updates.getState' });
  const peer = {
    _: 'inputPeerUser',
    userId: Number(friend.id),
    accessHash: Long.fromString(friend.accessHash),
  } as const;
  let randomId = 0;
  return {
    onUpdate: (heard) => client.onUpdate(heard),
    send: (message) =>
      client.call({ _: 'messages.sendMessage', peer, message, randomId: Long.fromNumber(++randomId) }),
  };
});
