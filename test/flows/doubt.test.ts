import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { commonBox, type DialogId, type OwnerId } from '../../src/domain/ids.js';
import type { SendOrder } from '../../src/ports/telegram.js';
import { until } from '../walks/until.js';
import {
  desk,
  fromClient,
  fromOperator,
  openHouse,
  shop,
  startFlows,
  type House,
  type Process,
} from './house.js';
import { SmallTelegram } from './small-telegram.js';

const client = 'user:77' as typeof shop.peer;
const dialog = `${shop.id}-user-77` as DialogId;

/** Executes the first send and loses its answer, refuses the second with a flood wait, then remembers. */
class Forgetful extends SmallTelegram {
  waitSeconds = 2;
  #sends = 0;

  override async send(order: SendOrder): Promise<number[]> {
    if (order.owner !== shop.id) return super.send(order);
    this.#sends += 1;
    if (this.#sends === 2) throw new GatewayError('FLOOD_WAIT', String(this.waitSeconds));
    const ids = await super.send(order);
    if (this.#sends === 1) throw new GatewayError('ANSWER_LOST', 'the link was closed');
    return ids;
  }
}

/** Executes the first send and tells it as refused. */
class Mistaken extends SmallTelegram {
  randomId = '';

  override async send(order: SendOrder): Promise<number[]> {
    const ids = await super.send(order);
    if (order.owner !== shop.id || this.randomId !== '') return ids;
    this.randomId = order.parts[0]?.randomId ?? '';
    throw new GatewayError('FLOOD_WAIT', '2');
  }
}

/** Executes the first send and loses its answer; then the client blocks the bot. So often it cannot be asked what it has executed. */
class Blocked extends SmallTelegram {
  silent = 0;
  #sends = 0;

  override async resync(owner: OwnerId): Promise<void> {
    if (this.silent-- > 0) throw new GatewayError('TELEGRAM_UNREACHABLE');
    await super.resync(owner);
  }

  override async send(order: SendOrder): Promise<number[]> {
    if (order.owner !== shop.id) return super.send(order);
    this.#sends += 1;
    if (this.#sends > 1) throw new GatewayError('CLIENT_BLOCKED');
    await super.send(order);
    throw new GatewayError('ANSWER_LOST', 'the link was closed');
  }
}

describe('an answer in doubt', () => {
  let house: House;
  let flows: Process | undefined;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    await flows?.close();
    await house.close();
  });

  /** An operator answers, and the client has it. */
  async function answered(telegram: SmallTelegram): Promise<void> {
    const opened = { state: 'open' as const, randomId: '1', id: 9 };
    const row = {
      id: dialog,
      connection: shop.id,
      peer: client,
      group: shop.group,
      topic: opened,
      createdAt: 0,
    };
    await house.store.dialogs.ensure(row);
    flows = await startFlows(house.store, telegram, 'only');
    telegram.onJournaled = (owner) => flows?.wake(owner);
    await house.journal(desk.id, [fromOperator(1, 9, 'hello')]);
    flows.wake(desk.id);
    await until(() => telegram.client.length === 1, 'the answer');
  }

  /** Waits for the flood wait that a send meets, and answers the id of the message that the client has. */
  async function answerUntilFlood(telegram: SmallTelegram): Promise<number> {
    await answered(telegram);
    const isWaiting = async () =>
      (await house.store.deliveries.head(`${dialog}-client`))?.error === 'FLOOD_WAIT';
    await until(isWaiting, 'the flood wait');
    return telegram.client[0]?.id ?? 0;
  }

  it('M6 its echo is not taken for the primary’s, also while a later try waits for a flood', async () => {
    const telegram = new Forgetful((owner, events) => house.journal(owner, events), 500);
    const id = await answerUntilFlood(telegram);
    await house.journal(shop.id, [fromClient(id, 'hello', { peer: client, author: shop.peer, out: true })]);
    await house.journal(shop.id, [fromClient(id + 1, 'thanks', { peer: client, author: client })]);
    flows?.wake(shop.id);
    await until(() => telegram.group.some(({ text }) => text === 'thanks'), 'the thanks');
    expect(telegram.group.map(({ text }) => text)).to.deep.equal(['thanks']);
    expect(telegram.client.map(({ text }) => text)).to.deep.equal(['hello']);
  });

  it('M6 its echo is not taken for the primary’s where the send counts as refused and Telegram tells its id', async () => {
    const telegram = new Mistaken((owner, events) => house.journal(owner, events), 500);
    const id = await answerUntilFlood(telegram);

    await house.journal(shop.id, [
      { kind: 'sent', owner: shop.id, box: commonBox, randomId: telegram.randomId, msgId: id },
      fromClient(id, 'hello', { peer: client, author: shop.peer, out: true }),
      fromClient(id + 1, 'thanks', { peer: client, author: client }),
    ]);
    flows?.wake(shop.id);
    await until(() => telegram.group.some(({ text }) => text === 'thanks'), 'the thanks');
    expect(telegram.group.map(({ text }) => text)).to.deep.equal(['thanks']);
    expect(telegram.client.map(({ text }) => text)).to.deep.equal(['hello']);
    await until(() => telegram.reactions.length === 1, 'the mark');
  });

  for (const silent of [0, 2])
    it(`M5 one that was executed before Telegram began to refuse counts as delivered, also when ${silent} times it cannot be asked`, async () => {
      const telegram = new Blocked((owner, events) => house.journal(owner, events), 500);
      telegram.silent = silent;
      await answered(telegram);
      await until(() => telegram.reactions.length === 1, 'the mark');
      expect(telegram.client.map(({ text }) => text)).to.deep.equal(['hello']);
      expect(telegram.group).to.deep.equal([]);
    });

  it('M5 M1 one whose id is told ends at once, however long a flood wait its repetition has met', async () => {
    const telegram = new Forgetful((owner, events) => house.journal(owner, events), 500);
    telegram.waitSeconds = 600;
    await answerUntilFlood(telegram);
    await telegram.resync(shop.id);
    await until(() => telegram.reactions.length === 1, 'the mark');
    expect(telegram.client.map(({ text }) => text)).to.deep.equal(['hello']);
  });
});
