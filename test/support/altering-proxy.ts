/** A TCP proxy before a database that alters what it answers, byte for byte: another server's answers, told by a real one. */

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Alteration {
  readonly from: Buffer;
  /** Of the same length: every message keeps its form. */
  readonly to: Buffer;
}

export interface AlteringProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers are small and whole in one piece each, as those of `hello` are. */
export async function openAlteringProxy(
  port: number,
  alterations: readonly Alteration[],
): Promise<AlteringProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1');
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        behind.destroy();
      });
    }
    client.pipe(behind);
    behind.on('data', (bytes: Buffer) => client.write(alterations.reduce(altered, bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function altered(bytes: Buffer, { from, to }: Alteration): Buffer {
  const result = Buffer.from(bytes);
  for (let at = result.indexOf(from); at >= 0; at = result.indexOf(from, at + 1)) to.copy(result, at);
  return result;
}
