import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Int32, Long, UUID } from 'bson';
import { decode } from '../../src/embedded/bson/decode.js';
import type { Doc, Value } from '../../src/embedded/bson/value.js';
import { Cursors } from '../../src/embedded/commands/cursors.js';
import { dispatch } from '../../src/embedded/commands/dispatch.js';
import { Store } from '../../src/embedded/storage/store.js';
import { sweep } from '../../src/embedded/sweep.js';
import { serialize } from 'bson';

describe('O1 expiry in the embedded store', () => {
  let directory: string;
  let store: Store;
  let now = new Date('2026-01-01T00:00:00Z');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'store-'));
    store = new Store(directory, Infinity);
  });

  afterEach(async () => {
    await store.env.close();
    await rm(directory, { recursive: true });
  });

  function run(command: Record<string, unknown>): Promise<Doc> {
    const body = decode(Buffer.from(serialize({ ...command, $db: 'a' })));
    return dispatch(body, 'here', { store, cursors: new Cursors(), now: () => now });
  }

  async function count(): Promise<Value | undefined> {
    return (await run({ count: 'rows' })).get('n');
  }

  it('O1 a TTL index removes what is past its time, of an array by its earliest date, and nothing that is no date', async () => {
    await run({ createIndexes: 'rows', indexes: [{ key: { at: -1 }, name: 'at', expireAfterSeconds: 60 }] });
    const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const dates = [at(0), at(100), [at(500), at(-10)], 'text', 5, null];
    await run({ insert: 'rows', documents: dates.map((value, _id) => ({ _id, at: value })) });
    await sweep(store, at(59));
    expect(await count()).to.deep.equal(new Int32(5));
    await sweep(store, at(61));
    expect(await count()).to.deep.equal(new Int32(4));
    await sweep(store, at(10_000));
    expect(await count()).to.deep.equal(new Int32(3));
  });

  it('O1 an answer of a retryable write is remembered for 30 minutes and then forgotten', async () => {
    const command = {
      insert: 'rows',
      documents: [{}],
      lsid: { id: new UUID().toBinary() },
      txnNumber: Long.fromNumber(1),
    };
    await run(command);
    const start = now;
    now = new Date(start.getTime() + 29 * 60_000);
    await sweep(store, now);
    await run(command);
    expect(await count()).to.deep.equal(new Int32(1));
    now = new Date(start.getTime() + 31 * 60_000);
    await sweep(store, now);
    await run(command);
    expect(await count()).to.deep.equal(new Int32(2));
  });
});
