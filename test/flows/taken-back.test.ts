import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { mendTopic } from '../../src/flows/mend-topic.js';
import { mirrorOf } from '../../src/flows/plan.js';
import { silentLog } from '../support/silent-log.js';
import { desk, fromClient, openHouse, shop, type House } from './house.js';

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
});
