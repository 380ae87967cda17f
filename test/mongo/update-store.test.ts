import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { connectionId, type OwnerId } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import type { StoredChannel } from '../../src/ports/updates.js';
import { scratchDirectory } from '../support/scratch.js';

const owner: OwnerId = connectionId('1');

/** The two holders are two processes: each remembers its own fences. */
interface Holders {
  readonly before: OpenedStore;
  readonly after: OpenedStore;
}

describe('the update engine in the database', () => {
  let directory: string;
  let embedded: EmbeddedStore;
  let holders: Holders;

  beforeEach(async () => {
    directory = scratchDirectory();
    embedded = await openEmbeddedStore({ directory });
    holders = { before: await openStore(embedded.url), after: await openStore(embedded.url) };
  });

  afterEach(async () => {
    await holders.before.close();
    await holders.after.close();
    await embedded.close();
    rmSync(directory, { recursive: true });
  });

  it('C6 a former holder moves no counter of a channel once another process has claimed the session', async () => {
    const { before, after } = holders;
    await before.updates.append(owner, 1, []);
    const common = { from: undefined, to: { pts: 1, qts: 0, seq: 0, date: 0, lastMsgId: 0 } };
    const first = { from: undefined, to: channelAt(10) };
    await before.updates.advance(owner, 1, { common, channels: [first], ord: 0 });

    await after.updates.append(owner, 2, []);
    const state = await after.updates.load(owner);
    const late = { channels: [{ from: channelAt(10), to: channelAt(11) }], ord: 1 };
    expect(await codeOf(before.updates.advance(owner, 1, late))).to.equal('STALE_FENCE');

    expect(state?.channels).to.deep.equal([channelAt(10)]);
    await after.updates.advance(owner, 2, late);
    await after.updates.advance(owner, 2, late);
    expect((await after.updates.load(owner))?.channels).to.deep.equal([channelAt(11)]);
  });

  it('the next order number is above that of every step, also of one that moved a channel only', async () => {
    const { updates } = holders.before;
    await updates.append(owner, 1, []);
    const common = { from: undefined, to: { pts: 1, qts: 0, seq: 0, date: 0, lastMsgId: 0 } };
    await updates.advance(owner, 1, {
      common,
      channels: [{ from: undefined, to: channelAt(10) }],
      ord: 5,
    });
    await updates.advance(owner, 1, { channels: [{ from: channelAt(10), to: channelAt(11) }], ord: 9 });
    expect((await updates.load(owner))?.ord).to.equal(9);
  });
});

describe('a store that takes nothing more', () => {
  it('tells that it is full, and what to do', async () => {
    const directory = scratchDirectory();
    await openEmbeddedStore({ directory }).then(async (fresh) => {
      await (await openStore(fresh.url)).close();
      await fresh.close();
    });
    const embedded = await openEmbeddedStore({ directory, mapBytes: 1 });
    const store = await openStore(embedded.url);
    try {
      expect(await codeOf(store.updates.append(owner, 1, []))).to.equal('STORE_FULL');
    } finally {
      await store.close();
      await embedded.close();
      rmSync(directory, { recursive: true });
    }
  });
});

function channelAt(pts: number): StoredChannel {
  return { id: 7, pts, status: 'live', lastMsgId: pts };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
  return 'no error';
}
