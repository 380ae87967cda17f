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

/** Does one call and tells its name before. */
export type Step = <T>(name: string, call: () => Promise<T>) => Promise<T>;

export interface HotPath {
  /** One message of the n-th contact, from the update to the linked post. Message ids never come twice. */
  walk(contact: number, step: Step): Promise<void>;
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
    async walk(n, step) {
      id += 1;
      const sent = await clientWrites({ store, engine: client, step }, n, id);
      await deskLearns({ store, engine: posts, step }, sent, id);
    },
  };
}

interface Parts {
  readonly store: Repositories;
  readonly engine: Engine;
  readonly step: Step;
}

/** Engine, router and worker. Answers the delivery as it was sent. */
async function clientWrites({ store, engine, step }: Parts, n: number, msgId: number): Promise<Delivery> {
  const event = messageOf(n, msgId);
  const row = engine.rowOf(rowId(shop, 'n', clientBox, msgId), 'new', event);
  await step('append', () => engine.append([row]));
  await step('advance common', () => engine.moveCommon());
  await step('unrouted', () => store.journal.unrouted(shop, -1, 200));
  const planned = mirrorOf({ event, ord: row.ord, now: Date.now() }, connection, 'in');
  await step('add delivery', () => store.deliveries.add([planned]));
  await step('mark routed', () => store.journal.markRouted([row._id], Date.now()));
  const head = await step('head', () => store.deliveries.head(planned.lane));
  if (head?.id !== planned.id) throw new Error(`the head of ${planned.lane} is ${head?.id ?? 'missing'}`);
  const now = Date.now();
  const claim = { by: 'hot-path', until: now + 15_000, now };
  const claimed = await step('claim', () => store.deliveries.claim(head, claim, randomIdsOf(head, 1)));
  if (claimed === undefined) throw new Error(`${head.id} was not claimed`);
  await step('dialog', () => store.dialogs.get(planned.dialog));
  await step('link', () => store.links.put(linkOf(claimed, n, msgId)));
  await step('finish', () => store.deliveries.finish(claimed, 'sent'));
  await step('next head', () => store.deliveries.head(planned.lane));
  return claimed;
}

/** The answer of the desk's send carries the post's random id and moves the group's counter. */
async function deskLearns({ store, engine, step }: Parts, sent: Delivery, msgId: number): Promise<void> {
  const randomId = sent.randomIds[0] ?? '';
  const event = { kind: 'sent', owner: desk, box: groupBox, randomId, msgId } as const;
  const row = engine.rowOf(rowId(desk, 's', randomId), 'sent-id', event);
  await step('append sent', () => engine.append([row]));
  await step('advance channel', () => engine.moveChannel());
  await step('unrouted sent', () => store.journal.unrouted(desk, -1, 200));
  await step('by random id', () => store.deliveries.byRandomId(randomId));
  await step('topic by random id', () => store.dialogs.byTopicRandomId(randomId));
  await step('mark sent routed', () => store.journal.markRouted([row._id], Date.now()));
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
