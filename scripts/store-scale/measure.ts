/** One run over the stores: everything that must not grow with what a store holds. */

import { clientBox, contact, desk, dialogOf, group, shop, topicOf } from '../../test/mongo/scale/cast.js';
import { rowId } from '../../src/domain/ids.js';
import { openHotPath, type HotPath } from '../../test/mongo/scale/hot-path.js';
import type { Opened, Place, Timed } from './place.js';
import { Times } from './times.js';

/** A store between two runs: numbers that never come twice. */
export interface Subject {
  readonly place: Place;
  fence: number;
  nextId: number;
}

/** Messages under way at the same time in the second part of the hot path, each in a lane of its own: the fewest contacts a store may have. */
export const atOnce = 32;

/** Starts in each run: a start is short and there is only one figure of it. */
const starts = 3;

interface Measured {
  readonly subject: Subject;
  readonly times: Times;
}

/**
 * Starts each store some times, opens all, and does everything in turn: one message here, one there, so that what else the machine does
 * meets both. Answers the median of each figure in milliseconds, by store.
 */
export async function run(subjects: readonly Subject[], walks: number): Promise<Map<string, number>[]> {
  const all = subjects.map((subject): Measured => ({ subject, times: new Times() }));
  for (let n = 0; n < starts; n++)
    for (const { subject, times } of all) await start(subject.place, times.timed);
  const opened: Opened[] = [];
  try {
    const stores = [];
    for (const one of all) {
      const store = await one.subject.place.open(async (_, work) => work());
      opened.push(store);
      stores.push({ ...one, ...(await carrierOf(one.subject, store, walks)) });
    }
    for (let n = 0; n < walks; n++) for (const store of stores) await oneMessage(store, n);
    for (let done = 0; done < walks; done += atOnce) for (const store of stores) await together(store);
    for (let n = 0; n < walks; n++) for (const store of stores) await lookUps(store);
    return all.map(({ times }) => times.medians());
  } finally {
    for (const one of opened) await one.close();
  }
}

interface Carrier {
  readonly opened: Opened;
  readonly path: HotPath;
}

async function carrierOf(subject: Subject, opened: Opened, walks: number): Promise<Carrier> {
  const path = await openHotPath(opened.store, (subject.fence += 1), subject.nextId);
  subject.nextId += 2 * walks + 2 * atOnce;
  return { opened, path };
}

async function start(place: Place, timed: Timed): Promise<void> {
  await place.storageAlone(timed);
  const opened = await place.open(timed);
  await firstQuestions(opened, timed).finally(() => opened.close());
}

/** What a gateway asks before it takes its first message. */
async function firstQuestions({ store }: Opened, timed: Timed): Promise<void> {
  await timed('start: the first questions', async () => {
    await store.deliveries.releaseClaims();
    await store.connections.list();
    await store.updates.load(shop);
    await store.updates.load(desk);
    await store.journal.ownersWithUnrouted();
    await store.deliveries.openLanes('', 1000);
    await store.deliveries.retryNow({ connection: shop }, ['SESSION_DEAD']);
  });
}

async function oneMessage({ path, subject, times }: Carrier & Measured, n: number): Promise<void> {
  const who = someContact(subject, n);
  await times.timed('hot path: one message', () =>
    path.carry([who], (name, call) => times.timed(`  ${name}`, call)),
  );
}

/** Their writes share flushes, as they do in a busy gateway. */
async function together({ path, subject, times }: Carrier & Measured): Promise<void> {
  const lanes = new Set<number>();
  while (lanes.size < atOnce) lanes.add(someContact(subject, lanes.size));
  const start = performance.now();
  await path.carry([...lanes], (_, call) => call());
  times.add(`hot path: one message of ${atOnce} at once`, (performance.now() - start) / atOnce);
}

async function lookUps({ opened, subject, times }: Carrier & Measured): Promise<void> {
  const { timed } = times;
  const { store } = opened;
  const { contacts, messages } = subject.place.size;
  const who = Math.floor(Math.random() * contacts);
  const message = Math.floor(Math.random() * messages);
  const found = [
    await timed('look up: a contact', () => store.peers.get(shop, contact(who))),
    await timed('look up: a dialog', () => store.dialogs.get(dialogOf(who))),
    await timed('look up: the dialog of a topic', () => store.dialogs.byTopic(group, topicOf(who))),
    await timed('look up: the link of a message', () => store.links.byMessage(shop, clientBox, message)),
    await timed('look up: the link of a post', () => store.links.byPost(group, topicOf(contacts) + message)),
    await timed('look up: a finished delivery', () =>
      store.deliveries.get(rowId('mirror', shop, clientBox, message)),
    ),
  ];
  if (found.includes(undefined)) throw new Error(`a row of contact ${who} or message ${message} is missing`);
}

function someContact({ place }: Subject, n: number): number {
  // Not one after the other: neighbours lie on the same pages.
  return Math.floor(((n * 0.618_033_988_75 + Math.random()) % 1) * place.size.contacts);
}
