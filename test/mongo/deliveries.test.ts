import { rmSync } from 'node:fs';
import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { asGatewayError } from '../../src/domain/errors.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { noticeOf } from '../../src/flows/plan.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import { group, shop } from '../flows/house.js';
import { scratchDirectory } from '../support/scratch.js';

describe('mongo: deliveries', () => {
  const directory = scratchDirectory();
  let embedded: EmbeddedStore;
  let store: OpenedStore;
  before(async () => {
    embedded = await openEmbeddedStore({ directory, mapBytes: 400_000 });
    store = await openStore(embedded.url);
  });
  after(async () => {
    await store.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('M7 a wait that Telegram has asked of a group is read from the posts that wait for it, not from answers or marks', async () => {
    const waits = { error: 'FLOOD_WAIT', state: 'queued' } as const;
    await store.deliveries.add([
      { ...rowOf('f1', 'x'), ...waits, notBefore: 5000 },
      { ...rowOf('f2', 'x'), ...waits, notBefore: 7000 },
      { ...rowOf('f3', 'x'), ...waits, notBefore: 9000, kind: 'answer' },
      { ...rowOf('f4', 'x'), ...waits, notBefore: 9000, kind: 'mark' },
      { ...rowOf('f5', 'x'), notBefore: 9000, error: 'GROUP_RIGHTS' },
    ]);
    expect(await store.deliveries.floodedUntil(group, 6000)).to.equal(7000);
    expect(await store.deliveries.floodedUntil(group, 7000)).to.equal(0);
    expect(await store.deliveries.floodedUntil(shop.peer, 6000)).to.equal(0);
  });

  it('M1 a row that the store has no room for is an error, also behind one that is there already', async () => {
    const small = rowOf('small', 'x');
    await store.deliveries.add([small]);
    await store.deliveries.add([small, rowOf('second', 'x')]);
    expect((await store.deliveries.get('second'))?.id).to.equal('second');
    const failure = await store.deliveries.add([small, rowOf('large', 'x'.repeat(600_000))]).then(
      () => undefined,
      (thrown: unknown) => asGatewayError(thrown).code,
    );
    expect(await store.deliveries.get('large')).to.equal(undefined);
    expect(failure).to.equal('STORE_FULL');
  });
});

function rowOf(id: string, text: string): Delivery {
  const dialog = { id: 'd' as never, connection: shop.id, peer: shop.peer, group };
  return noticeOf({ id, dialog, text, lane: id, order: 0, now: 0, source: shop.id });
}
