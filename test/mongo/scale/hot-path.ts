/** The repository calls that one mirrored message makes, in their order; test/mongo/indexed.test.ts holds them against the flows. */

import type { Delivery } from '../../../src/domain/delivery.js';
import { plain } from '../../../src/domain/content.js';
import { rowId } from '../../../src/domain/ids.js';
import { randomIdsOf } from '../../../src/flows/random-ids.js';
import { mirrorOf } from '../../../src/flows/plan.js';
import type { Repositories } from '../../../src/mongo/repositories.js';
import type { TelegramEvent } from '../../../src/domain/event.js';
import { clientBox, contact, desk, dialogOf, group, groupBox, shop, topicOf } from './cast.js';
import { Engine } from './engine.js';

/** Does one call, under a name. */
export type Step = <T>(name: string, call: () => Promise<T>) => Promise<T>;

export interface HotPath {
  /**
   * A message of each of these contacts, from the update to the linked post: written and routed together, sent side by side. Message
   * ids never come twice.
   */
  carry(contacts: readonly number[], step: Step): Promise<void>;
}

const connection = {
  id: shop,
  kind: 'bot',
  peer: contact(0),
  name: 'Shop',
  group,
  state: 'live',
  stateSince: 0,
  createdAt: 0,
} as const;

/** Opens both sessions as the engine does at start, under the next fence. Message and post ids begin at `first`. */
export async function openHotPath(store: Repositories, fence: number, first: number): Promise<HotPath> {
  const client = await Engine.open(store, shop, fence);
  const posts = await Engine.open(store, desk, fence);
  let id = first;
  return {
    async carry(contacts, step) {
      const written = contacts.map((n) => ({ n, msgId: (id += 1) }));
      const planned = await route({ store, engine: client, step }, written);
      const sent = await Promise.all(
        written.map(({ n, msgId }, place) => send({ store, step }, planned[place], n, msgId)),
      );
      await deskLearns({ store, engine: posts, step }, sent, written);
    },
  };
}

interface Parts {
  readonly store: Repositories;
  readonly engine: Engine;
  readonly step: Step;
}

interface Written {
  readonly n: number;
  readonly msgId: number;
}

/** Engine and router. */
async function route({ store, engine, step }: Parts, written: readonly Written[]): Promise<Delivery[]> {
  const events = written.map(({ n, msgId }) => messageOf(n, msgId));
  const rows = events.map((event) => engine.rowOf(rowId(shop, 'n', clientBox, event.msgId), 'new', event));
  await step('append', () => engine.append(rows));
  await step('advance', () => engine.moveCommon());
  await step('unrouted', () => store.journal.unrouted(shop, -1, 200));
  const planned = events.map((event, place) =>
    mirrorOf({ event, ord: rows[place]?.ord ?? 0, now: Date.now() }, connection, 'in'),
  );
  await step('add deliveries', () => store.deliveries.add(planned));
  const ids = rows.map(({ _id }) => _id);
  await step('mark routed', () => store.journal.markRouted(ids, Date.now()));
  return planned;
}

/** The worker. Answers the delivery as it was sent. */
async function send(
  { store, step }: Omit<Parts, 'engine'>,
  planned: Delivery | undefined,
  n: number,
  msgId: number,
): Promise<Delivery> {
  const lane = planned?.lane ?? '';
  const head = await step('head', () => store.deliveries.head(lane));
  if (head === undefined || head.id !== planned?.id) throw new Error(`the head of ${lane} is ${head?.id}`);
  const now = Date.now();
  const claim = { by: 'hot-path', until: now + 15_000, now };
  const claimed = await step('claim', () => store.deliveries.claim(head, claim, randomIdsOf(head, 1)));
  if (claimed === undefined) throw new Error(`${head.id} was not claimed`);
  await step('dialog', () => store.dialogs.get(head.dialog));
  await step('link', () => store.links.put(linkOf(claimed, n, msgId)));
  await step('finish', () => store.deliveries.finish(claimed, 'sent'));
  await step('next head', () => store.deliveries.head(lane));
  return claimed;
}

/** The answers of the desk's sends carry the posts' random ids and move the group's counter. */
async function deskLearns(
  { store, engine, step }: Parts,
  sent: readonly Delivery[],
  written: readonly Written[],
): Promise<void> {
  const rows = sent.map(({ randomIds }, place) => {
    const randomId = randomIds[0] ?? '';
    const event = {
      kind: 'sent',
      owner: desk,
      box: groupBox,
      randomId,
      msgId: written[place]?.msgId ?? 0,
    } as const;
    return { randomId, row: engine.rowOf(rowId(desk, 's', randomId), 'sent-id', event) };
  });
  await step('append sent', () => engine.append(rows.map(({ row }) => row)));
  await step('advance channel', () => engine.moveChannel());
  await step('unrouted sent', () => store.journal.unrouted(desk, -1, 200));
  for (const { randomId } of rows) {
    await step('by random id', () => store.deliveries.byRandomIds([randomId]));
    await step('topic by random id', () => store.dialogs.byTopicRandomIds([randomId]));
  }
  const ids = rows.map(({ row }) => row._id);
  await step('mark sent routed', () => store.journal.markRouted(ids, Date.now()));
}

function messageOf(n: number, msgId: number): Extract<TelegramEvent, { kind: 'message' }> {
  return {
    kind: 'message',
    owner: shop,
    box: clientBox,
    peer: contact(n),
    msgId,
    out: false,
    author: contact(n),
    authorIsBot: false,
    date: Math.floor(Date.now() / 1000),
    content: { text: plain(`Hello, this is message ${msgId}: when do you open tomorrow?`) },
  };
}

function linkOf(row: Delivery, n: number, msgId: number): Parameters<Repositories['links']['put']>[0] {
  return {
    connection: shop,
    dialog: dialogOf(n),
    box: clientBox,
    peer: contact(n),
    msgId,
    part: 0,
    group,
    topic: topicOf(n),
    postId: msgId,
    side: 'in',
    delivery: row.id,
    date: row.parts[0]?.date ?? 0,
  };
}
