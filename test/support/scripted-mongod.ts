/** A MongoDB in this process, on loopback: it answers as it is told, and where it is told nothing as the embedded store does. */

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Int32 } from 'bson';
import { fields, type Doc } from '../../src/embedded/bson/value.js';
import { Cursors } from '../../src/embedded/commands/cursors.js';
import { dispatch, refusal } from '../../src/embedded/commands/dispatch.js';
import { maxMessageBytes } from '../../src/embedded/commands/server.js';
import { Store } from '../../src/embedded/storage/store.js';
import { serve } from '../../src/embedded/wire/connection.js';
import { scratchDirectory } from './scratch.js';

export interface ScriptedMongod {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What it answers from now on: the answer in place of the store's, which `asStore` gives; undefined: that one. */
  script(
    answer: (command: string, asStore: () => Promise<Doc>, body: Doc) => Promise<Doc> | Doc | undefined,
  ): void;
  close(): Promise<void>;
}

export async function openScriptedMongod(): Promise<ScriptedMongod> {
  const directory = scratchDirectory();
  const parts = { store: new Store(directory, Infinity), cursors: new Cursors(), now: () => new Date() };
  const sockets = new Set<Socket>();
  let script: Parameters<ScriptedMongod['script']>[0] = () => undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    const handle = async (body: Doc): Promise<Doc> => {
      const asStore = () => dispatch(body, host, parts);
      return (await script([...body.keys()][0] ?? '', asStore, body)) ?? asStore();
    };
    serve(socket, { handle, refuse: refusal, maxMessageBytes });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    script: (answer) => void (script = answer),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      await parts.store.env.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A command's refusal with this code. */
export function refused(code: number): Doc {
  return fields({ ok: 0, code: new Int32(code), errmsg: 'as told', codeName: 'AsTold' });
}

/** The store has done it, but a majority did not confirm it in time. */
export async function unconfirmed(asStore: () => Promise<Doc>): Promise<Doc> {
  const writeConcernError = fields({ code: new Int32(64), errmsg: 'waiting for replication timed out' });
  return new Map([...(await asStore()), ['writeConcernError', writeConcernError] as const]);
}
