import { expect } from 'chai';
import type { TelegramEvent } from '../../src/domain/event.js';
import { rowId, type OwnerId } from '../../src/domain/ids.js';
import { startFlows } from '../flows/house.js';
import { SmallTelegram } from '../flows/small-telegram.js';
import { until } from '../walks/until.js';
import { clientBox, contact, desk, dialogOf, group, groupBox, shop, topicOf } from './scale/cast.js';
import { Engine } from './scale/engine.js';
import { explain, shapesOf, type Explained } from './scale/explained.js';
import { fill } from './scale/fill.js';
import { openHotPath } from './scale/hot-path.js';
import { openObserved, type Observed, type SentCommand } from './scale/observed.js';

let fence = 0;
/** Every opening of the sessions has a higher one. */
const nextFence = (): number => (fence += 1);

/** Messages of the walks stand above those of the filling. */
const firstId = 1_000_000;

/** What a lookup may read beside the rows it returns: the planner may have to look at a neighbour, never at a collection. */
const spareDocuments = 2;

describe('O3 every query is served by an index', function () {
  this.timeout(60_000);
  let observed: Observed;
  before(async () => {
    observed = await openObserved();
    await fill(observed.db, { contacts: 1000, messages: 2000, backlog: 2000 });
  });
  after(() => observed.close());

  it('O3 of a mirrored message, an intercepted one and an answer, as the flows send them', async () => {
    const engines = await openEngines(observed);
    const sent = await observed.during(() => walkThroughFlows(observed, engines, conversation));
    expect(new Set(sent.map(({ name }) => name))).to.include.members(['find', 'update', 'findAndModify']);
    await expectIndexed(observed, sent);
  });

  it('O3 of a mirrored message as the measurements send it: the same commands as the flows', async () => {
    const path = await openHotPath(observed.store, nextFence(), firstId + 500);
    const measured = await observed.during(() => path.carry([6], (_, call) => call()));
    const engines = await openEngines(observed);
    const flows = await observed.during(() =>
      walkThroughFlows(observed, engines, [() => fromClient(7, firstId + 600)]),
    );
    const known = distinct(flows).filter((shape) => !notOfEachMessage.has(shape));
    expect(distinct(measured)).to.have.members(known);
    await expectIndexed(observed, measured);
  });

  it('O3 of starts, sweeps and repairs: what they read is what is open, not what is stored', async () => {
    const { store } = observed;
    const sent = await observed.during(async () => {
      await store.updates.append(shop, nextFence(), []);
      await store.updates.load(shop);
      await store.updates.load(desk);
      await store.updates.countOpenHoles(shop);
      await store.deliveries.retryNow({ group }, ['TOPIC_CLOSED']);
      await store.deliveries.retryNow({ connection: shop }, ['SESSION_DEAD']);
      await store.dialogs.byTopic(group, topicOf(9));
      await store.dialogs.byTopic(group, 1);
      await store.dialogs.forgetTopic(dialogOf(9), group, topicOf(9));
      await store.dialogs.claimTopic(dialogOf(9), '1');
      await store.links.byPost(group, 1500);
      await store.links.byMessage(shop, clientBox, 1500);
      await store.peers.get(shop, contact(9));
      await store.leases.take('x', 'me', 1000, 0);
      await store.leases.renew('x', 'me', 1, 1000, 0);
    });
    await expectIndexed(observed, sent);
  });

  it('O3 of the sweeps, whose cost is that of the open rows they return', async () => {
    const { store } = observed;
    const sent = await observed.during(async () => {
      await store.journal.ownersWithUnrouted();
      await store.deliveries.openLanes('', 1000);
      await store.deliveries.releaseClaims();
    });
    const plans = await explainAll(observed, sent);
    for (const { shape, stages, documentsExamined } of plans) {
      expect(stages, shape).to.not.include.members(['COLLSCAN']);
      expect(documentsExamined, shape).to.be.at.most(2100);
    }
  });
});

/** What the sweep at the start of the flows asks, and the first message of a group or dialog in this process. */
const notOfEachMessage: ReadonlySet<string> = new Set([
  'find connections ',
  'find connections _id',
  'find holes news',
  'find journal owner,unrouted',
  'find deliveries error,group,kind,notBefore,open',
  'find holes news',
]);

/** Sorted in memory: a hole is a stretch that Telegram did not replay, and each is told of once. */
const few: ReadonlySet<string> = new Set(['find holes news']);

let firstPost = firstId;

interface Engines {
  readonly shop: Engine;
  readonly desk: Engine;
}

async function openEngines({ store }: Observed): Promise<Engines> {
  const opened = nextFence();
  return { shop: await Engine.open(store, shop, opened), desk: await Engine.open(store, desk, opened) };
}

type Said = () => { owner: OwnerId; event: TelegramEvent };

const conversation: Said[] = [
  () => fromClient(0, firstId + 1),
  () => fromClient(1, firstId + 2, { replyTo: 1500 }),
  () => fromClient(2, firstId + 3, { out: true, author: shop as never }),
  () => fromOperator(3, firstId + 4),
];

function fromClient(n: number, msgId: number, change: object = {}): ReturnType<Said> {
  const text = { text: `message ${msgId}`, entities: [] };
  const event: TelegramEvent = {
    kind: 'message',
    owner: shop,
    box: clientBox,
    peer: contact(n),
    msgId,
    out: false,
    author: contact(n),
    authorIsBot: false,
    date: Math.floor(Date.now() / 1000),
    content: { text },
    ...change,
  };
  return { owner: shop, event };
}

function fromOperator(n: number, msgId: number): ReturnType<Said> {
  const at = { owner: desk, box: groupBox, peer: group, author: contact(9), topic: topicOf(n) };
  return { ...fromClient(n, msgId, at), owner: desk };
}

/** Journals what was said as the engine does, lets the flows carry it over, and journals what the desk learns of its posts. */
async function walkThroughFlows({ store }: Observed, engines: Engines, said: readonly Said[]): Promise<void> {
  const journal = async (owner: OwnerId, events: readonly TelegramEvent[]): Promise<void> => {
    const engine = owner === desk ? engines.desk : engines.shop;
    await engine.append(events.map((event) => engine.rowOf(keyOf(owner, event), 'new', event)));
    await (owner === desk ? engine.moveChannel() : engine.moveCommon());
  };
  const telegram = new SmallTelegram(journal, (firstPost += 1000));
  const flows = await startFlows(store, telegram, 'observed');
  try {
    for (const one of said) {
      const { owner, event } = one();
      await journal(owner, [event]);
      flows.wake(owner);
    }
    await until(() => telegram.group.length + telegram.client.length === said.length, 'everything is sent');
    await telegram.resync(desk);
    flows.wake(desk);
    await until(async () => (await store.journal.unrouted(desk, -1, 10)).length === 0, 'the desk is routed');
  } finally {
    await flows.close();
  }
}

function keyOf(owner: OwnerId, event: TelegramEvent): string {
  const key = 'randomId' in event ? event.randomId : 'msgId' in event ? event.msgId : '';
  return rowId(owner, event.kind, event.box, key);
}

function distinct(sent: readonly SentCommand[]): string[] {
  return [...new Set(sent.flatMap(shapesOf))];
}

async function explainAll({ db }: Observed, sent: readonly SentCommand[]): Promise<Explained[]> {
  return (await Promise.all(sent.map((one) => explain(db, one)))).flat();
}

async function expectIndexed(observed: Observed, sent: readonly SentCommand[]): Promise<void> {
  const plans = await explainAll(observed, sent);
  expect(plans.length).to.be.greaterThan(5);
  const wrong = plans.filter(
    ({ shape, stages, documentsExamined, returned }) =>
      stages.includes('COLLSCAN') ||
      (stages.includes('SORT') && !few.has(shape)) ||
      documentsExamined > returned + spareDocuments,
  );
  expect(wrong).to.deep.equal([]);
}
