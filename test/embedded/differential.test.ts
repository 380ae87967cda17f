import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Collection } from 'mongodb';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { dice, document, filter, indexShapes, sort, update, type Dice } from './model/generate.js';
import { modelMatches, modelSort } from './model/match.js';
import { modelUpdate } from './model/update.js';
import type { Fields } from './model/value.js';

/** More with `DIFFERENTIAL_SEEDS=200`. */
const seeds = Number(process.env['DIFFERENTIAL_SEEDS'] ?? 6);
const documents = 60;
const questions = 25;

type Row = Fields & { _id: number };

describe('O1 the embedded store against a naive model', () => {
  let directory: string;
  let store: EmbeddedStore;
  let client: MongoClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'store-'));
    store = await openEmbeddedStore({ directory });
    client = await MongoClient.connect(store.url);
  });

  after(async () => {
    await client.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  const first = Number(process.env['DIFFERENTIAL_FROM'] ?? 1);
  for (let seed = first; seed < first + seeds; seed++) {
    it(`O1 seed ${seed}: the same documents with and without each index, after random updates too`, async () => {
      const d = dice(seed);
      const rows = client.db('differential').collection<Row>(`seed${seed}`);
      const model: Row[] = Array.from({ length: documents }, (_, i) => ({ ...document(d), _id: i }));
      await rows.insertMany(model.map((row) => ({ ...row })));
      let byIndex = await compare(d, rows, model, 'no index');
      expect(byIndex).to.equal(0);
      for (const shape of indexShapes) {
        const name = await rows.createIndex(shape.key, shape.options ?? {}, {}).catch(parallelArrays);
        if (name === undefined) continue;
        await change(d, rows, model);
        byIndex += await compare(d, rows, model, JSON.stringify(shape));
        await rows.dropIndex(name);
      }
      expect(byIndex).to.be.greaterThan(10);
      expect((await rows.find().toArray()).length).to.equal(model.length);
    });
  }
});

function parallelArrays(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 171) return undefined;
  throw error;
}

/** Returns how many of the questions an index answered. */
async function compare(d: Dice, rows: Collection<Row>, model: Row[], occasion: string): Promise<number> {
  let byIndex = 0;
  for (let i = 0; i < questions; i++) {
    const query = filter(d);
    const by = sort(d);
    const note = `${occasion}: ${JSON.stringify(query)} sort ${JSON.stringify(by)}`;
    const wanted = model.filter((row) => modelMatches(query, row));
    const plan: unknown = await rows.find(query as object).explain('queryPlanner');
    if (JSON.stringify(plan).includes('IXSCAN')) byIndex++;
    const found = await rows.find(query as object).toArray();
    expect(ids(found).toSorted(ascending), note).to.deep.equal(ids(wanted).toSorted(ascending));
    expect(await rows.countDocuments(query), note).to.equal(wanted.length);
    const sorted = await rows
      .find(query as object)
      .sort({ ...by, _id: 1 })
      .toArray();
    expect(ids(sorted), note).to.deep.equal(ids(modelSort(wanted, { ...by, _id: 1 })));
    expect(sorted, note).to.deep.equal(modelSort(wanted, { ...by, _id: 1 }));
  }
  return byIndex;
}

/** Random updates in both; a document that refuses an update must refuse it in both. */
async function change(d: Dice, rows: Collection<Row>, model: Row[]): Promise<void> {
  for (let i = 0; i < 15; i++) {
    const at = d.upTo(model.length);
    const row = model[at]!;
    const modification = update(d);
    const next = attempt(() => modelUpdate(row, modification) as Row);
    const result = await rows
      .updateOne({ _id: row._id }, modification as object)
      .catch((error: unknown) => error as Error & { code: number });
    if (result instanceof Error) {
      // An index over two arrays at once is refused by its own rule, which the model does not know.
      if (result.code !== 171)
        expect(String(result.code), JSON.stringify([row, modification])).to.equal(next.error);
    } else {
      expect(next.error, JSON.stringify([row, modification])).to.equal(undefined);
      model[at] = next.value!;
      const note = JSON.stringify([row, modification]);
      expect(await rows.findOne({ _id: row._id } as object), note).to.deep.equal(model[at]);
    }
  }
}

function attempt<T>(work: () => T): { value?: T; error?: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function ids(rows: { _id: number }[]): number[] {
  return rows.map((row) => row._id);
}

function ascending(a: number, b: number): number {
  return a - b;
}
