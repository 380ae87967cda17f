import { expect } from 'chai';
import type { MessageEvent } from '../../src/domain/event.js';
import type { Store } from '../../src/ports/store.js';
import { wakeOpenLanes } from '../../src/flows/open-lanes.js';
import { noticeOf } from '../../src/flows/plan.js';
import type { Job } from '../../src/ports/queue.js';
import { until } from '../walks/until.js';
import { fromClient, group, openHouse, shop, startFlows, type House, type Process } from './house.js';
import { SmallTelegram } from './small-telegram.js';

describe('routing', () => {
  let house: House;
  let flows: Process | undefined;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    await flows?.close();
    await house.close();
  });

  it('M1 a row that cannot be routed stops its own dialog and nobody else', async () => {
    const telegram = new SmallTelegram((owner, events) => house.journal(owner, events), 5000);
    const dialogs: Store['dialogs'] = {
      ...house.store.dialogs,
      ensure: async (dialog) => {
        if (dialog.peer === 'user:2') throw new TypeError('no such luck');
        return house.store.dialogs.ensure(dialog);
      },
    };
    flows = await startFlows({ ...house.store, dialogs }, telegram, 'only');
    const from = (peer: string, msgId: number) =>
      fromClient(msgId, `${peer} ${msgId}`, {
        peer: peer as typeof shop.peer,
        author: peer as typeof shop.peer,
      });
    await house.journal(shop.id, [
      from('user:1', 1),
      from('user:2', 2),
      from('user:1', 3),
      from('user:3', 4),
    ]);
    flows.wake(shop.id);
    const texts = (): string[] =>
      telegram.group.map(({ text }) => text).filter((text) => !text.startsWith('👤'));
    await until(() => texts().length === 3, 'three posts');
    expect(texts()).to.have.members(['user:1 1', 'user:1 3', 'user:3 4']);
    expect((await house.store.journal.unrouted(shop.id, -1, 10)).map((row) => row.event)).to.have.length(1);
  });

  it('M1 a stretch that the database does not take stops the session: no later message of a dialog overtakes what was in it', async () => {
    const telegram = new SmallTelegram((owner, events) => house.journal(owner, events), 5000);
    let refused = false;
    const deliveries: Store['deliveries'] = {
      ...house.store.deliveries,
      add: async (rows) => {
        if (refused) return house.store.deliveries.add(rows);
        refused = true;
        throw new Error('not primary');
      },
    };
    flows = await startFlows({ ...house.store, deliveries }, telegram, 'only');
    const from = (peer: string, msgId: number, text: string, change: Partial<MessageEvent> = {}) =>
      fromClient(msgId, text, {
        peer: peer as typeof shop.peer,
        author: peer as typeof shop.peer,
        ...change,
      });
    await house.journal(shop.id, [
      from('user:1', 1, 'first'),
      from('user:2', 2, 'album', { groupedId: '5' }),
      from('user:1', 3, 'second'),
    ]);
    flows.wake(shop.id);
    const texts = (): string[] =>
      telegram.group.map(({ text }) => text).filter((text) => !text.startsWith('👤'));
    await until(() => texts().length === 3, 'three posts');
    expect(texts().filter((text) => text !== 'album')).to.deep.equal(['first', 'second']);
  });

  it('M7 every open lane is found again, however many there are; one that waits for long is left alone', async () => {
    const now = 1_000_000;
    const dialog = { id: 'd' as never, connection: shop.id, peer: shop.peer, group };
    const rows = Array.from({ length: 2300 }, (_, n) =>
      noticeOf({ id: `n${n}`, dialog, text: '', lane: `lane-${n}`, order: 0, now, source: shop.id }),
    );
    const later = { ...rows[0]!, id: 'later', lane: 'zzz', notBefore: now + 60_000 };
    await house.store.deliveries.add([...rows, later]);
    const woken: Job[] = [];
    await wakeOpenLanes(
      { store: house.store, queue: { addMany: async (jobs) => void woken.push(...jobs) } },
      now,
    );
    expect(new Set(woken.map(({ id }) => id)).size).to.equal(2300);
    expect(woken.map(({ id }) => id)).not.to.include('later');
  });
});
