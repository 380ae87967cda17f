import { expect } from 'chai';
import { asGatewayError, GatewayError } from '../../src/domain/errors.js';
import { boxOf, dialogId } from '../../src/domain/ids.js';
import { openTopic } from '../../src/flows/open-topic.js';
import { client, desk, group, openHouse, shop, type House } from './house.js';

describe('a topic that Telegram has made already', () => {
  const id = dialogId(shop.id, client);
  let house: House;
  /** Random ids under which topics were asked for. */
  let asked: string[];
  /** What is told when the difference is asked for. */
  let onResync: (randomId: string) => Promise<void>;

  beforeEach(async () => {
    house = await openHouse();
    asked = [];
    onResync = async () => undefined;
    await house.store.dialogs.ensure({
      id,
      connection: shop.id,
      peer: client,
      group: shop.group,
      topic: { state: 'none' },
      createdAt: 0,
    });
  });
  afterEach(() => house.close());

  /** Telegram executes every request, remembers it, and never answers the first time. */
  const open = (looks: number): Promise<number | string> =>
    openTopic(
      {
        store: house.store,
        sender: {
          async createTopic({ randomId }) {
            const again = asked.includes(randomId);
            asked.push(randomId);
            throw new GatewayError(again ? 'ALREADY_SENT' : 'ANSWER_LOST', 'lost');
          },
          resync: async () => onResync(asked[0] ?? ''),
        },
      },
      { id: 'row', dialog: id, group, attempts: 70, looks },
      desk.id,
    ).catch((error: unknown) => asGatewayError(error).code);

  const told = (randomId: string): Promise<void> =>
    house.journal(desk.id, [{ kind: 'sent', owner: desk.id, box: boxOf(group), randomId, msgId: 77 }]);

  it('T1 is found in the journal, whenever its id was told', async () => {
    expect(await open(0)).to.equal('ANSWER_LOST');
    await told(asked[0] ?? '');
    expect(await open(0)).to.equal(77);
    expect((await house.store.dialogs.get(id))?.topic).to.deep.include({ state: 'open', id: 77 });
  });

  it('T1 is asked for in the difference, and found there', async () => {
    await open(0);
    onResync = told;
    expect(await open(0)).to.equal(77);
  });

  it('T1 M1 whose id is never told is replaced by another one: no message counts as posted without a topic', async () => {
    const codes = [];
    codes.push(await open(0));
    for (let looks = 0; looks < 9; looks++) codes.push(await open(looks));
    expect(codes).to.deep.equal(Array.from({ length: 10 }, () => 'ANSWER_LOST'));
    expect(new Set(asked.slice(0, 9)).size).to.equal(1);
    expect(asked[9]).to.not.equal(asked[0]);
  });
});
