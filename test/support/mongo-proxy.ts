/** Stands between somebody and a database. Told to, it lets commands through and cuts the connection before the answer. */

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { commandOf, Framing } from './mongo-wire.js';

export interface Proxy {
  /** The database's URL, through here. */
  readonly url: string;
  /** From now on the answers to these commands are lost; undefined: none any more. */
  lose(isLost: ((command: string) => boolean) | undefined): void;
  /** Answers that were lost so far. */
  readonly lost: number;
  close(): Promise<void>;
}

/** What the driver asks for itself: nothing is lost with it. */
const ofDriver: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions']);

/** Throws where the URL names several hosts, or needs TLS: nothing can be read there. */
export async function openProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  if (target.hostname === '' || target.hostname.includes(',') || /[?&](tls|ssl)=true/.test(target.search))
    throw new Error('the database must be one host without TLS');
  const sockets = new Set<Socket>();
  let isLost: ((command: string) => boolean) | undefined;
  let lost = 0;

  const server = createServer((gateway) => {
    const database = connect(Number(target.port === '' ? 27017 : target.port), target.hostname);
    const both = [gateway, database];
    const end = (): void => both.forEach((socket) => socket.destroy());
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // An error is followed by the close.
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          end();
        });
    }
    const requests = new Framing();
    let command: string | undefined;
    gateway.on('data', (chunk) => {
      for (const message of requests.take(chunk)) command = commandOf(message) ?? command;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      // One command at a time is under way on a connection of the driver's.
      if (command !== undefined && !ofDriver.has(command) && isLost?.(command) === true) {
        lost += 1;
        end();
      } else gateway.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url.searchParams.delete('replicaSet');
  url.searchParams.set('directConnection', 'true');
  return {
    url: url.toString(),
    lose: (chosen) => void (isLost = chosen),
    get lost() {
      return lost;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
