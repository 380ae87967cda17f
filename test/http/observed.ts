/** The HTTP room over a real store and a real queue, on a free port. */

import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { openObservation, type Observed, type ObservedParts } from '../../src/http/open.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import { openMemoryQueue } from '../../src/queue/memory.js';
import { systemClock } from '../../src/runtime/clock.js';
import { scratchDirectory } from '../support/scratch.js';
import { silentLog } from '../support/silent-log.js';

export interface Place {
  readonly store: OpenedStore;
  readonly http: Observed;
  /** Asks for a stop, as SIGTERM does. */
  readonly stop: AbortController;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The value of a line of `/metrics`, named with its labels; undefined where there is none. */
  metric(name: string): Promise<number | undefined>;
  closeStore(): Promise<void>;
  close(): Promise<void>;
}

export async function openHttpPlace(
  change: (parts: ObservedParts) => Partial<ObservedParts> = () => ({}),
): Promise<Place> {
  const directory = scratchDirectory();
  const embedded = await openEmbeddedStore({ directory });
  const store = await openStore(embedded.url);
  const clock = systemClock;
  const queue = openMemoryQueue({ clock, log: silentLog });
  const stop = new AbortController();
  const parts: ObservedParts = {
    listen: { host: '127.0.0.1', port: 0 },
    figures: store.figures,
    holes: store.holes,
    connections: store.connections,
    queue,
    clock,
    log: silentLog,
    signal: stop.signal,
    holds: () => false,
    desks: [],
  };
  const http = await openObservation({ ...parts, ...change(parts) });
  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${http.port}${path}`, init);
  const closeStore = async (): Promise<void> => {
    await store.close();
    await embedded.close();
  };
  return {
    store,
    http,
    stop,
    get,
    async metric(name) {
      const text = await (await get('/metrics')).text();
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
    closeStore,
    async close() {
      await http.close();
      await queue.close();
      await closeStore();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the server says to bytes that no HTTP client would send; resolves when it hangs up. */
export function sayRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.once('error', reject).once('close', () => resolve(said));
  });
}
