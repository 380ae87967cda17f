/** The flows on the real store and the real queue, with a Telegram reduced to what the Sender port promises. */

import { rmSync } from 'node:fs';
import { startSweep } from '../../src/app/sweep.js';
import { wireWorkers, type WorkerParts } from '../../src/app/workers.js';
import type { Connection, Desk } from '../../src/domain/connection.js';
import { plain } from '../../src/domain/content.js';
import type { MessageEvent, TelegramEvent } from '../../src/domain/event.js';
import { boxOf, commonBox, connectionId, deskId, peerOf, rowId, type OwnerId } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { createDirectory } from '../../src/flows/directory.js';
import { createIngest, type Ingest } from '../../src/flows/ingest.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import { openMemoryQueue } from '../../src/queue/memory.js';
import type { Holes } from '../../src/ports/holes.js';
import type { Store } from '../../src/ports/store.js';
import type { Sender } from '../../src/ports/telegram.js';
import { systemClock } from '../../src/runtime/clock.js';
import { scratchDirectory } from '../support/scratch.js';
import { silentLog } from '../support/silent-log.js';

export const client = peerOf('user', 5);
export const group = peerOf('channel', 2000000001);
export const desk: Desk = { id: deskId('200'), peer: peerOf('user', 200) };
export const shop: Connection = {
  id: connectionId('100'),
  kind: 'bot',
  peer: peerOf('user', 100),
  name: 'Shop',
  group,
  state: 'live',
  stateSince: 0,
  createdAt: 0,
};

/** A client's message; its date is now, so that it is not marked as late. */
export function fromClient(msgId: number, text: string, change: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: 'message',
    owner: shop.id,
    box: commonBox,
    peer: client,
    msgId,
    out: false,
    author: client,
    authorIsBot: false,
    date: Math.floor(Date.now() / 1000),
    content: { text: plain(text) },
    ...change,
  };
}

export function fromOperator(msgId: number, topic: number, text: string): MessageEvent {
  const at = { owner: desk.id, box: boxOf(group), peer: group, author: peerOf('user', 9), topic };
  return { ...fromClient(msgId, text), ...at };
}

/** Another backend group, to which a connection may be moved. */
export const otherGroup = peerOf('channel', 2000000002);

/** For stores that keep none. */
export const noHoles: Pick<Holes, 'untold' | 'told'> = {
  untold: async () => [],
  told: async () => undefined,
};

export interface House {
  readonly store: OpenedStore;
  /** Writes events as the update engine does: keyed by box and message, in order. */
  journal(owner: OwnerId, events: readonly TelegramEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** A fresh store in a directory of its own. */
export async function openHouse(): Promise<House> {
  const directory = scratchDirectory();
  const embedded: EmbeddedStore = await openEmbeddedStore({ directory });
  const store = await openStore(embedded.url);
  let ord = 0;
  return {
    store,
    async journal(owner, events) {
      const rows = events.map((event) => ({
        _id: rowId(owner, keyOf(event)),
        owner,
        box: event.box,
        ord: ord++,
        kind: 'new' as const,
        ...('msgId' in event ? { msgId: event.msgId } : {}),
        receivedAt: Date.now(),
        source: 'push' as const,
        event,
        tl: new Uint8Array(),
        layer: 223,
      }));
      await store.updates.append(owner, 1, rows);
    },
    async close() {
      await store.close();
      await embedded.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** As the engine's keys (telegram/updates/keys.ts). */
function keyOf(event: TelegramEvent): string {
  if (event.kind === 'sent') return rowId('s', event.randomId);
  return rowId(event.kind, event.box, 'msgId' in event ? event.msgId : '');
}

export interface Process {
  wake(owner: OwnerId): void;
  /** Reads the connection rows anew. */
  hear(connections: readonly Connection[]): void;
  close(): Promise<void>;
}

/** The router and the workers of a process alone. */
export function wireFlows(parts: WorkerParts): Ingest {
  const ingest = createIngest({ ...parts, mine: () => true });
  wireWorkers(parts, ingest);
  return ingest;
}

/** One gateway process's flows, as app.ts wires them. `store` may be a wrapped one. */
export async function startFlows(
  store: Store & { readonly holes: Pick<Holes, 'untold' | 'told'> },
  sender: Sender,
  holder: string,
  connections: readonly Connection[] = [shop],
): Promise<Process> {
  const directory = createDirectory();
  directory.update(connections, [desk]);
  const clock = systemClock;
  const queue = openMemoryQueue({ clock, log: silentLog, retryDelayMs: () => 20 });
  const ingest = wireFlows({ store, queue, sender, directory, clock, log: silentLog, holder });
  await queue.start();
  const cancel = await startSweep({ store, ingest, queue, clock, log: silentLog });
  return {
    wake: (owner) => ingest.wake(owner),
    hear: (connections) => directory.update(connections, [desk]),
    async close() {
      cancel();
      await ingest.close();
      await queue.close();
    },
  };
}
