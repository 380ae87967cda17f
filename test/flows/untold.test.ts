import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { GatewayError } from '../../src/domain/errors.js';
import { dialogId, peerOf } from '../../src/domain/ids.js';
import { mirrorOf } from '../../src/flows/plan.js';
import type { SendOrder } from '../../src/ports/telegram.js';
import { until } from '../walks/until.js';
import { fromClient, group, openHouse, shop, startFlows, type House, type Process } from './house.js';
import { SmallTelegram } from './small-telegram.js';

/** Executes the first send and loses its answer. */
class Losing extends SmallTelegram {
  #lost = false;

  override async send(order: SendOrder): Promise<number[]> {
    const ids = await super.send(order);
    if (this.#lost) return ids;
    this.#lost = true;
    throw new GatewayError('ANSWER_LOST', 'the link was closed');
  }
}

/** What it tells in the difference comes when the test asks for it. */
class Late extends Losing {
  override async resync(): Promise<void> {
    // Later.
  }

  tell(): Promise<void> {
    return super.resync('d200' as Parameters<SmallTelegram['resync']>[0]);
  }
}

describe('a post whose answer was lost', () => {
  const ann = peerOf('user', 77);
  const dialog = dialogId(shop.id, ann);
  const text = `${'A'.repeat(4000)}\n${'B'.repeat(3000)}`;
  const longText = mirrorOf(
    { event: fromClient(1, text, { peer: ann, author: ann }), ord: 1, now: Date.now() },
    shop,
    'in',
  );
  let house: House;
  let flows: Process | undefined;
  let telegram: Late;
  beforeEach(async () => {
    house = await openHouse();
    telegram = new Late((owner, events) => house.journal(owner, events), 500);
    telegram.onJournaled = (owner) => flows?.wake(owner);
    const topic = { state: 'open', randomId: '1', id: 9 } as const;
    await house.store.dialogs.ensure({
      id: dialog,
      connection: shop.id,
      peer: ann,
      group,
      topic,
      createdAt: 0,
    });
  });
  afterEach(async () => {
    await flows?.close();
    await house.close();
  });

  /** The row has been tried so often, and its id looked for so often. */
  async function send(tries: Pick<Delivery, 'attempts' | 'looks'>): Promise<void> {
    await house.store.deliveries.add([{ ...longText, ...tries, error: 'GROUP_RIGHTS' }]);
    flows = await startFlows(house.store, telegram, 'only');
    await until(async () => (await row())?.error === 'ANSWER_LOST', 'the loss');
    // As a session that is live again.
    await house.store.deliveries.retryNow({}, ['ANSWER_LOST']);
  }

  const row = () => house.store.deliveries.get(longText.id);
  const ended = () => until(async () => (await row())?.state === 'sent', 'the end of the row');
  const shown = () => telegram.group.map((post) => post.text.slice(0, 1));

  it('M1 C6 is looked for, and what follows it is posted, however long the row had waited before', async () => {
    await send({ attempts: 61 });
    await until(async () => ((await row())?.looks ?? 0) > 0, 'a look');
    await telegram.tell();
    await ended();
    expect(shown()).to.deep.equal(['A', 'B']);
    expect((await house.store.links.byPost(group, telegram.group[0]?.id ?? 0))?.msgId).to.equal(1);
  });

  it('M1 whose id never comes is there without a link, and what follows it is posted', async () => {
    await send({ attempts: 3, looks: 60 });
    await ended();
    expect(shown()).to.deep.equal(['A', 'B']);
    expect(await house.store.links.byPost(group, telegram.group[0]?.id ?? 0)).to.equal(undefined);
    expect((await house.store.links.byPost(group, telegram.group[1]?.id ?? 0))?.msgId).to.equal(1);
  });
});
