/** Real sockets: a proxy cuts the connection after the command, as often as the driver repeats it. */

import { rmSync } from 'node:fs';
import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { asGatewayError } from '../../src/domain/errors.js';
import { boxOf, rowId } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { noticeOf } from '../../src/flows/plan.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import type { JournalRow } from '../../src/ports/updates.js';
import { group, shop } from '../flows/house.js';
import { openProxy, type Proxy } from '../support/mongo-proxy.js';
import { scratchDirectory } from '../support/scratch.js';

describe('mongo: lost answers', () => {
  const directory = scratchDirectory();
  let embedded: EmbeddedStore;
  let proxy: Proxy;
  let store: OpenedStore;
  before(async () => {
    embedded = await openEmbeddedStore({ directory });
    const { host, port } = await embedded.listen('127.0.0.1', 0);
    proxy = await openProxy(`mongodb://${host}:${port}/understudy?directConnection=true`);
    store = await openStore(proxy.url);
  });
  afterEach(() => proxy.lose(undefined));
  after(async () => {
    await store.close();
    await proxy.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('M1 deliveries whose insert got no answer, not even repeated, are not taken for planned', async () => {
    proxy.lose((command) => command === 'insert');
    expect(await codeOf(store.deliveries.add([rowOf('one'), rowOf('two')]))).to.equal('MONGODB_UNREACHABLE');
    expect(proxy.lost).to.equal(2);
  });

  it('M1 a journal append that got no answer is told as an unreachable database', async () => {
    const box = boxOf(shop.peer);
    const row: JournalRow = {
      _id: rowId(shop.id, 's', '5'),
      owner: shop.id,
      ord: 0,
      kind: 'sent-id',
      box,
      source: 'push',
      event: { kind: 'sent', owner: shop.id, box, randomId: '5', msgId: 1 },
      layer: 223,
      receivedAt: 1,
      tl: new Uint8Array(),
    };
    // The fence is written by itself, before the rows.
    await store.updates.append(shop.id, 1, []);
    proxy.lose((command) => command === 'update');
    expect(await codeOf(store.updates.append(shop.id, 1, [row]))).to.equal('MONGODB_UNREACHABLE');
  });

  it('M1 one answer that is lost is the same to the caller as none: the driver repeats the command', async () => {
    let left = 1;
    proxy.lose((command) => command === 'insert' && left-- > 0);
    await store.deliveries.add([rowOf('three')]);
    expect((await store.deliveries.get('three'))?.id).to.equal('three');
  });
});

function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (thrown: unknown) => asGatewayError(thrown).code,
  );
}

function rowOf(id: string): Delivery {
  const dialog = { id: 'd' as never, connection: shop.id, peer: shop.peer, group };
  return noticeOf({ id, dialog, text: id, lane: id, order: 0, now: 0, source: shop.id });
}
