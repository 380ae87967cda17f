import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { GatewayError } from '../../src/domain/errors.js';
import { dialogId } from '../../src/domain/ids.js';
import { afterFailure } from '../../src/flows/after-failure.js';
import { createDirectory } from '../../src/flows/directory.js';
import { mirrorOf } from '../../src/flows/plan.js';
import { openMemoryQueue } from '../../src/queue/memory.js';
import { systemClock } from '../../src/runtime/clock.js';
import { silentLog } from '../support/silent-log.js';
import { client, fromClient, openHouse, shop, type House } from './house.js';
import { SmallTelegram } from './small-telegram.js';

describe('a message that no session can send now', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(() => house.close());

  /** Fails in a worker whose process has not read the connections yet. */
  async function failed(): Promise<Delivery | undefined> {
    const { store } = house;
    const clock = systemClock;
    const sender = new SmallTelegram(async () => undefined, 1);
    const row = mirrorOf({ event: fromClient(1, 'hello'), ord: 1, now: 0 }, shop, 'in');
    await store.dialogs.ensure({
      id: dialogId(shop.id, client),
      connection: shop.id,
      peer: client,
      group: shop.group,
      topic: { state: 'none' },
      createdAt: 0,
    });
    await store.deliveries.add([row]);
    const claimed = await store.deliveries.claim(row, { by: 'a', until: 1, now: 0 }, ['1']);
    const queue = openMemoryQueue({ clock, log: silentLog });
    const troubles = { met: () => undefined, over: () => undefined };
    const deps = { store, sender, directory: createDirectory(), queue, clock, log: silentLog, troubles };
    const error = new GatewayError('TELEGRAM_UNREACHABLE', 'no process runs the session');
    if (claimed !== undefined) await afterFailure(deps, { row: claimed, posts: [] }, error, false);
    await queue.close();
    return store.deliveries.get(row.id);
  }

  it('C6 waits while the connection has its row, whatever this process has read of it', async () => {
    await house.store.connections.put(shop);
    expect(await failed()).to.deep.include({ state: 'queued', error: 'TELEGRAM_UNREACHABLE' });
  });

  it('C3 ends, and is told, when the connection was removed', async () => {
    expect(await failed()).to.deep.include({ state: 'failed', error: 'SESSION_DEAD' });
  });
});
