import { expect } from 'chai';
import type { Db, Long } from 'mongodb';
import { failure, onEachStore } from './target.js';

interface Batch {
  readonly id: Long;
  readonly firstBatch?: unknown[];
  readonly nextBatch?: unknown[];
}

async function batch(db: Db, command: object): Promise<Batch> {
  return (await db.command(command, { promoteLongs: false }))['cursor'] as Batch;
}

onEachStore('O1 cursors', (bench) => {
  it('O1 reads more than one batch, in order, while others write', async () => {
    const { rows } = bench();
    await rows.createIndex({ n: 1 });
    await rows.insertMany(Array.from({ length: 1000 }, (_, n) => ({ n })));
    const seen: number[] = [];
    for await (const row of rows.find().sort({ n: 1 }).batchSize(70)) {
      seen.push(row['n'] as number);
      if (seen.length === 100) await rows.deleteMany({ n: { $gte: 500, $lt: 600 } });
    }
    expect(seen).to.have.length(900);
    expect(seen).to.deep.equal(seen.toSorted((a, b) => a - b));
  });

  it('O1 a batch stays below 16 MB however large its documents are', async () => {
    const { rows } = bench();
    const part = 'x'.repeat(5 * 1024 * 1024);
    for (let _id = 0; _id < 5; _id++) await rows.insertOne({ _id, part });
    const read = await rows.find().batchSize(1000).toArray();
    expect(read.map((row) => row._id)).to.deep.equal([0, 1, 2, 3, 4]);
    const aggregated = await rows.aggregate([{ $match: {} }], { batchSize: 3 }).toArray();
    expect(aggregated).to.have.length(5);
  });

  it('O1 limit and singleBatch end a cursor; batchSize 0 opens one without reading', async () => {
    const { rows, db } = bench();
    await rows.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    expect(await rows.find().limit(7).batchSize(3).toArray()).to.have.length(7);
    const single = await batch(db, { find: 'rows', batchSize: 4, singleBatch: true });
    expect([single.id.toString(), single.firstBatch?.length]).to.deep.equal(['0', 4]);
    const opened = await batch(db, { find: 'rows', batchSize: 0 });
    expect(opened.firstBatch).to.deep.equal([]);
    const next = await batch(db, { getMore: opened.id, collection: 'rows' });
    expect(next.nextBatch).to.have.length(10);
  });

  it('O1 a killed or unknown cursor answers code 43', async () => {
    const { rows, db } = bench();
    await rows.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const cursor = await batch(db, { find: 'rows', batchSize: 2 });
    const killed = await db.command({ killCursors: 'rows', cursors: [cursor.id] });
    expect(killed['cursorsKilled']).to.have.length(1);
    expect((await failure(db.command({ getMore: cursor.id, collection: 'rows' }))).code).to.equal(43);
  });
});
