/** What one process of the flows reaches: store, queue and Telegram, each through the mishaps. */
import { peerOf, type OwnerId, type Peer } from '../../../src/domain/ids.js';
import type { Queue } from '../../../src/ports/queue.js';
import type { Store } from '../../../src/ports/store.js';
import type { Sender } from '../../../src/ports/telegram.js';
import { desk, shop } from '../house.js';
import type { MemoryStore } from './memory-store.js';
import type { Life, Mishaps } from './mishaps.js';
import type { Town } from './town.js';

export interface Executed {
  readonly randomId: string;
  readonly peer: Peer;
  readonly text?: string;
}

/** `certain`: a difference was asked, and Telegram's record is complete. */
export type News = (owner: OwnerId, executed: Executed, certain: boolean) => void;

export function reachTown(town: Town, mishaps: Mishaps, life: Life, news: News): Sender {
  const reached: Sender = {
    send: async (order) => {
      const ids = town.send(order);
      for (const { randomId, content } of order.parts)
        news(order.owner, { randomId, peer: order.peer, text: content.text.text }, false);
      return ids;
    },
    createTopic: async (order) => {
      const id = town.createTopic(order);
      news(order.owner, { randomId: order.randomId, peer: order.group }, false);
      return id;
    },
    hasTopic: async ({ topic }) => town.topics.has(topic),
    misplaced: async () => [],
    reopenTopic: async () => undefined,
    erase: async () => undefined,
    react: async () => undefined,
    resync: async (owner) => {
      for (const [randomId, { owner: by, peer }] of town.known)
        if (by === owner) news(owner, { randomId, peer }, true);
    },
  };
  return mishaps.wrap(reached, life, {
    fails: 'sendFails',
    lost: 'ANSWER_LOST',
    unreached: 'TELEGRAM_UNREACHABLE',
    ms: 80,
  });
}

export function reachStore(
  { journal, dialogs, links, deliveries }: MemoryStore,
  mishaps: Mishaps,
  life: Life,
): Store {
  const how = {
    fails: 'storeFails',
    lost: 'MONGODB_UNREACHABLE',
    unreached: 'MONGODB_UNREACHABLE',
    ms: 8,
  } as const;
  const wrap = <T extends object>(part: T): T => mishaps.wrap(part, life, how);
  // The flows look for names, and for connections that died; here there are none.
  const none = { list: async () => [], get: async () => undefined };
  return {
    journal: wrap(journal),
    dialogs: wrap(dialogs),
    links: wrap(links),
    deliveries: wrap(deliveries),
    connections: none,
    peers: none,
  } as unknown as Store;
}

/** Now and then a job is lost on its way in. */
export function forgetful(queue: Queue, mishaps: Mishaps): Queue {
  const keeps = () => !mishaps.chance(mishaps.faults.forget);
  return {
    work: (...args) => {
      queue.work(...args);
    },
    start: () => queue.start(),
    add: async (job) => (keeps() ? queue.add(job) : undefined),
    addMany: async (jobs) => queue.addMany(jobs.filter(keeps)),
    pause: (kind) => queue.pause(kind),
    resume: (kind) => queue.resume(kind),
    counts: (kind) => queue.counts(kind),
    close: () => queue.close(),
  };
}

/** Waits that stand in the store, by `owner peer`; unix ms. */
export function storedFloods(store: MemoryStore, now: number): ReadonlyMap<string, number> {
  const floods = new Map<string, number>();
  for (const row of store.open()) {
    if (row.error !== 'FLOOD_WAIT' || row.notBefore <= now || row.kind === 'mark') continue;
    const client = store.dialogRows.get(row.dialog)?.peer ?? peerOf('user', 0);
    const key = row.kind === 'answer' ? `${shop.id} ${client}` : `${desk.id} ${row.group}`;
    floods.set(key, Math.max(floods.get(key) ?? 0, row.notBefore));
  }
  return floods;
}
