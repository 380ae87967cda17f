import { expect } from 'chai';
import type { Collection, MongoServerError } from 'mongodb';
import { usageOf, type StoreUsage } from '../../src/embedded/index.js';
import { createSize } from '../../src/mongo/size.js';
import { until } from '../walks/until.js';
import { Place } from './place.js';

type Row = { _id: number; text: string };

const capBytes = 200_000;
const rowBytes = 2000;

describe('O3 the embedded store near its cap', () => {
  let place: Place;
  let told: StoreUsage[];
  beforeEach(async () => {
    place = await Place.make();
    told = [];
  });
  afterEach(() => place.close());

  async function open(): Promise<{ rows: Collection<Row>; close: () => Promise<void> }> {
    const store = await place.open({ mapBytes: capBytes, onUsage: (usage) => told.push(usage) });
    const client = await place.connect(store.url);
    const close = async (): Promise<void> => {
      await client.close();
      await store.close();
    };
    return { rows: client.db('full').collection<Row>('rows'), close };
  }

  /** Row by row until the store takes no more. */
  async function fillUp(rows: Collection<Row>, from: number): Promise<MongoServerError> {
    for (let n = from; ; n++) {
      const refused = await rows.insertOne({ _id: n, text: 'x'.repeat(rowBytes) }).then(
        () => undefined,
        (error: unknown) => error as MongoServerError,
      );
      if (refused !== undefined) return refused;
    }
  }

  it('O3 tells at 80 and at 95 per cent, once each, before it takes nothing more', async () => {
    const { rows } = await open();
    await rows.insertMany(rowsOf(0, 60));
    expect(told).to.deep.equal([]);
    expect((await fillUp(rows, 60)).code).to.equal(14031);
    await until(() => told.length >= 2, 'both levels');
    expect(told.map(({ level }) => level)).to.deep.equal([80, 95]);
    for (const { usedBytes, capBytes: cap, level } of told) {
      expect(cap).to.equal(capBytes);
      expect(usedBytes / capBytes).to.be.within((level ?? 0) / 100, (level ?? 0) / 100 + 0.03);
    }
  });

  it('O3 tells again after it was emptied and filled once more, and at once when it is opened full', async () => {
    const { rows, close } = await open();
    await fillUp(rows, 0);
    await rows.deleteMany({ _id: { $lt: 50 } });
    await fillUp(rows, 1000);
    await until(() => told.length >= 4, 'both levels twice');
    expect(told.map(({ level }) => level)).to.deep.equal([80, 95, 80, 95]);
    await close();
    told = [];
    await open();
    expect(told.map(({ level }) => level)).to.deep.equal([95]);
  });

  it('O3 whoever joins it can ask how full it is', async () => {
    const { rows } = await open();
    await rows.insertMany(rowsOf(0, 84));
    await until(() => told.length > 0, 'a level');
    const client = await place.connect((await place.joined()) ?? '');
    const usedBytes = await createSize(client.db('full')).storedBytes();
    expect(usedBytes).to.be.within(84 * rowBytes, capBytes);
    expect(usageOf(usedBytes, capBytes).level).to.equal(80);
    expect(usageOf(usedBytes).level).to.equal(undefined);
  });
});

function rowsOf(from: number, count: number): Row[] {
  return Array.from({ length: count }, (_, n) => ({ _id: from + n, text: 'x'.repeat(rowBytes) }));
}
