import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { dialogId } from '../../src/domain/ids.js';
import { mendTopic } from '../../src/flows/mend-topic.js';
import { mirrorOf } from '../../src/flows/plan.js';
import type { SendOrder } from '../../src/ports/telegram.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../walks/until.js';
import { client, desk, fromClient, group, openHouse, shop, startFlows, type House } from './house.js';
import { SmallTelegram } from './small-telegram.js';

/** Puts the first post into General, and loses the answer. */
class Stray extends SmallTelegram {
  sends = 0;

  override async send({ topic, ...order }: SendOrder): Promise<number[]> {
    this.sends += 1;
    if (this.sends > 1) return super.send({ ...order, ...(topic === undefined ? {} : { topic }) });
    await super.send(order);
    throw new GatewayError('ANSWER_LOST', 'the link was closed');
  }
}

describe('a post that Telegram has put beside its topic', () => {
  let house: House;
  let erased: number[];
  beforeEach(async () => {
    house = await openHouse();
    erased = [];
  });
  afterEach(() => house.close());

  const misplaced = new GatewayError('POST_MISPLACED', '57');
  const sender = {
    erase: async ({ msgIds }: { msgIds: readonly number[] }) => void erased.push(...msgIds),
    hasTopic: async () => true,
    reopenTopic: async () => undefined,
  };

  async function claimedRow() {
    const { deliveries } = house.store;
    const row = mirrorOf({ event: fromClient(1, 'hello'), ord: 1, now: 0 }, shop, 'in');
    await deliveries.add([row]);
    const claimed = await deliveries.claim(row, { by: 'first', until: 15_000, now: 0 }, ['11']);
    if (claimed === undefined) throw new Error('a fresh row was not claimed');
    return claimed;
  }

  it('M1 is deleted once its row has new random ids', async () => {
    const row = await claimedRow();
    await mendTopic({ store: house.store, sender, log: silentLog }, row, desk.id, misplaced);
    expect(erased).to.deep.equal([57]);
    expect((await house.store.deliveries.get(row.id))?.randomIds).to.deep.equal([]);
  });

  it('M1 C6 stays where another worker has taken the row over and counts it as posted: it is the only one', async () => {
    const { deliveries } = house.store;
    const row = await claimedRow();
    const taken = await deliveries.claim(row, { by: 'second', until: 40_000, now: 20_000 }, ['11']);
    if (taken !== undefined) await deliveries.finish(taken, 'sent');
    await mendTopic({ store: house.store, sender, log: silentLog }, row, desk.id, misplaced);
    expect((await deliveries.get(row.id))?.state).to.equal('sent');
    expect(erased).to.deep.equal([]);
  });

  it('T1 M1 is taken back and posted again also where the answer that told its place was lost', async () => {
    const { store } = house;
    const telegram = new Stray((owner, events) => house.journal(owner, events), 500);
    telegram.topics.push({ id: 9, title: 'Ann' });
    const id = dialogId(shop.id, client);
    const topic = { state: 'open', randomId: '1', id: 9 } as const;
    await store.dialogs.ensure({ id, connection: shop.id, peer: client, group, topic, createdAt: 0 });
    const flows = await startFlows(store, telegram, 'only');
    telegram.onJournaled = (owner) => flows.wake(owner);
    try {
      await house.journal(shop.id, [fromClient(1, 'hello')]);
      flows.wake(shop.id);
      const isOver = async () => (await store.deliveries.head(`${id}-topic`)) === undefined;
      await until(async () => telegram.sends > 0 && (await isOver()), 'the end of the row');
      expect(telegram.group.map((post) => [post.text, post.topic])).to.deep.equal([['hello', 9]]);
      expect((await store.links.byPost(group, telegram.group[0]?.id ?? 0))?.msgId).to.equal(1);
    } finally {
      await flows.close();
    }
  });
});
