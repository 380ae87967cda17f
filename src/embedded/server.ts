import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Doc } from './bson/value.js';
import type { WorkerOptions } from './channel.js';
import type { Parts } from './commands/call.js';
import { Cursors } from './commands/cursors.js';
import { dispatch, refusal } from './commands/dispatch.js';
import { maxMessageBytes } from './commands/server.js';
import { Store } from './storage/store.js';
import { sweep } from './sweep.js';
import { watchUsage, type StoreUsage } from './usage.js';
import { serve, type Connection } from './wire/connection.js';

/** MongoDB looks for expired documents once a minute. */
const sweepMs = 60_000;
/** How long a closing store waits for its last answers, and for clients that do not read theirs. */
const answerWithinMs = 5_000;

export interface Server {
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  close(): Promise<void>;
}

/** Opens the documents and serves them on a unix socket; `listen` adds TCP. `onUsage` hears of every level that is reached. */
export async function startServer(
  { path, capBytes, socket }: WorkerOptions,
  onUsage: (usage: StoreUsage) => void,
): Promise<Server> {
  const store = new Store(path, capBytes, watchUsage(capBytes, onUsage));
  const parts: Parts = { store, cursors: new Cursors(), now: () => new Date() };
  const connections = new Set<Connection>();
  const servers = [serverFor(parts, connections, () => encodeURIComponent(socket))];
  await rm(socket, { force: true });
  await listening(servers[0], { path: socket });
  await chmod(socket, 0o600);
  let sweeping = Promise.resolve();
  const timer = setInterval(() => {
    parts.cursors.sweep();
    // A failed sweep (a full disk) is tried again with the next one.
    sweeping = sweeping.then(() => sweep(store, parts.now())).catch(() => undefined);
  }, sweepMs);
  return {
    listen: async (host, port) => {
      const server = serverFor(
        parts,
        connections,
        (client) => `${client.localAddress ?? host}:${client.localPort ?? port}`,
      );
      await listening(server, { host, port });
      servers.push(server);
      const address = server.address();
      return { host, port: typeof address === 'object' && address ? address.port : port };
    },
    close: async () => {
      clearInterval(timer);
      await sweeping;
      const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      for (const connection of connections) connection.end();
      await Promise.race([closed, delay(answerWithinMs, undefined, { ref: false })]);
      for (const connection of connections) connection.cut();
      await closed;
      await store.env.close();
    },
  };
}

function serverFor(
  parts: Parts,
  connections: Set<Connection>,
  addressOf: (client: Socket) => string,
): NetServer {
  return createServer((client) => {
    const address = addressOf(client);
    const handle = (body: Doc): Promise<Doc> => dispatch(body, address, parts);
    const connection = serve(client, { handle, refuse: refusal, maxMessageBytes });
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
  });
}

function listening(
  server: NetServer | undefined,
  where: { path: string } | { host: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server?.once('error', reject);
    server?.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
