/** Stock GramJS: `invoke` and raw updates, the cheapest that its client offers. */

import bigInt from 'big-integer';
import { Api } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import { stockClient } from '../../../test/support/stock-client.js';
import { serveLink } from './link-bench.js';

serveLink(async ({ host, port, dc, publicKey, authKey, friend }) => {
  const { n, e, fingerprint } = publicKey;
  const client = await stockClient(
    { host, ports: { [dc]: port }, publicKey: { n: BigInt(n), e, fingerprint: BigInt(fingerprint) } },
    { dc, authKey: Buffer.from(authKey, 'base64') },
  );
  await client.connect();
  await client.invoke(new Api.updates.GetState());
  const peer = new Api.InputPeerUser({ userId: bigInt(friend.id), accessHash: bigInt(friend.accessHash) });
  let randomId = 0;
  return {
    onUpdate: (heard) => client.addEventHandler(() => heard(), new Raw({ types: [Api.UpdateNewMessage] })),
    send: (message) =>
      client.invoke(new Api.messages.SendMessage({ peer, message, randomId: bigInt(++randomId) })),
  };
});
