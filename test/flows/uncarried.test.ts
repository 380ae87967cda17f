import { expect } from 'chai';
import { plain } from '../../src/domain/content.js';
import { GatewayError } from '../../src/domain/errors.js';
import { dialogId, peerOf } from '../../src/domain/ids.js';
import type { SendOrder } from '../../src/ports/telegram.js';
import { until } from '../walks/until.js';
import {
  desk,
  fromClient,
  fromOperator,
  group,
  openHouse,
  shop,
  startFlows,
  type House,
  type Process,
} from './house.js';
import { SmallTelegram } from './small-telegram.js';

/** Does not take some files, and may not say which; an album with one of them is not sent at all. */
class Choosy extends SmallTelegram {
  says = true;

  override async send(order: SendOrder): Promise<number[]> {
    const bad = order.parts.find(({ content }) => content.media?.fileName === 'bad');
    if (bad === undefined) return super.send(order);
    const parts = (this.says ? [bad] : order.parts).map(({ randomId }) => randomId);
    throw new GatewayError('CONTENT_UNSUPPORTED', 'its file has been removed', { parts });
  }
}

describe('a file that cannot be carried', () => {
  const ann = peerOf('user', 77);
  let house: House;
  let flows: Process;
  let telegram: Choosy;
  beforeEach(async () => {
    house = await openHouse();
    telegram = new Choosy((owner, events) => house.journal(owner, events), 500);
    await house.store.dialogs.ensure({
      id: dialogId(shop.id, ann),
      connection: shop.id,
      peer: ann,
      group,
      topic: { state: 'open', randomId: '1', id: 9 },
      createdAt: 0,
    });
    flows = await startFlows(house.store, telegram, 'only');
  });
  afterEach(async () => {
    await flows.close();
    await house.close();
  });

  const photo = (caption: string, fileName: string) => ({
    text: plain(caption),
    media: { kind: 'photo' as const, bytes: 1, file: 'f', fileName },
  });

  async function annSendsAlbum(...names: string[]): Promise<void> {
    const items = names.map((name, n) =>
      fromClient(n + 1, '', {
        peer: ann,
        author: ann,
        groupedId: '5',
        content: photo(`item ${n + 1}`, name),
      }),
    );
    await house.journal(shop.id, items);
    flows.wake(shop.id);
  }

  const shown = () => telegram.group.map(({ text }) => text);

  it('M2 is shown by name with its caption, and the other files of its album come as they are', async () => {
    await annSendsAlbum('good', 'bad', 'good', 'bad');
    await until(() => shown().length === 4, 'four posts');
    const isOver = async () => (await house.store.deliveries.openLanes('', 1)).length === 0;
    await until(isOver, 'the end of the row');
    const named = (caption: string) => `📎 photo bad (its file has been removed)\n${caption}`;
    expect(shown()).to.deep.equal(['item 1', named('item 2'), 'item 3', named('item 4')]);
    const links = await Promise.all(telegram.group.map(({ id }) => house.store.links.byPost(group, id)));
    expect(links.map((link) => link?.msgId)).to.deep.equal([1, 2, 3, 4]);
  });

  it('M2 of which Telegram does not say which one it is costs the files of the album, never their captions', async () => {
    telegram.says = false;
    await annSendsAlbum('good', 'bad');
    await until(() => shown().length === 2, 'two posts');
    expect(shown().map((text) => text.split('\n').at(-1))).to.deep.equal(['item 1', 'item 2']);
  });

  it('M5 in an operator’s answer is refused as a whole, and the operator reads why', async () => {
    await house.journal(desk.id, [{ ...fromOperator(3, 9, ''), content: photo('for you', 'bad') }]);
    flows.wake(desk.id);
    await until(() => shown().length === 1, 'the sentence');
    expect(shown()[0]).to.match(/^⚠️ Not delivered: .*its file has been removed/);
    expect(telegram.client).to.deep.equal([]);
  });
});
