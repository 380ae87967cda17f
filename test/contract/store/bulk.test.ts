import { expect } from 'chai';
import { MongoBulkWriteError, type Document } from 'mongodb';
import { onEachStore } from './target.js';

async function bulkFailure(work: Promise<unknown>): Promise<MongoBulkWriteError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoBulkWriteError) return error;
  throw new Error('expected a MongoBulkWriteError');
}

onEachStore('O1 bulk writes', (bench) => {
  it('mistake 4: an ordered bulk stops at the bad statement and keeps the ones before', async () => {
    const { rows } = bench();
    const error = await bulkFailure(rows.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }]));
    expect([error.code, error.insertedCount]).to.deep.equal([11000, 1]);
    expect(await rows.countDocuments()).to.equal(1);
  });

  it('mistake 4: an unordered bulk runs all others and names each failure by index, code, keyPattern and keyValue', async () => {
    const { rows, db } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    const documents = [
      { _id: 1, k: 'a' },
      { _id: 2, k: 'a' },
      { _id: 1, k: 'b' },
      { _id: 3, k: 'c' },
    ];
    const error = await bulkFailure(rows.insertMany(documents, { ordered: false }));
    const errors = [error.writeErrors].flat();
    expect(errors.map((one) => [one.index, one.code])).to.deep.equal([
      [1, 11000],
      [2, 11000],
    ]);
    expect(error.insertedCount).to.equal(2);
    expect((await rows.find().sort({ _id: 1 }).toArray()).map((row) => row._id)).to.deep.equal([1, 3]);
    const { writeErrors } = await db.command({ insert: 'rows', documents, ordered: false });
    const [first] = writeErrors as Document[];
    expect(first).to.deep.include({ keyPattern: { _id: 1 }, keyValue: { _id: 1 } });
    expect((writeErrors as Document[])[1]).to.deep.include({ keyPattern: { k: 1 }, keyValue: { k: 'a' } });
  });

  it('O1 mixes inserts, updates, upserts, replacements and deletions and counts each', async () => {
    const { rows } = bench();
    const result = await rows.bulkWrite([
      { insertOne: { document: { _id: 1, n: 1 } } },
      { insertOne: { document: { _id: 2, n: 1 } } },
      { updateMany: { filter: { n: 1 }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 9 }, update: { $set: { n: 9 } }, upsert: true } },
      { replaceOne: { filter: { _id: 1 }, replacement: { m: 1 } } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    expect([
      result.insertedCount,
      result.matchedCount,
      result.modifiedCount,
      result.upsertedCount,
      result.deletedCount,
    ]).to.deep.equal([2, 3, 3, 1, 1]);
    expect(result.upsertedIds).to.deep.equal({ 3: 9 });
    expect(await rows.find().sort({ _id: 1 }).toArray()).to.deep.equal([
      { _id: 1, m: 1 },
      { _id: 9, n: 9 },
    ]);
  });

  it('mistake 4: one bad update or deletion does not undo its neighbours', async () => {
    const { rows } = bench();
    await rows.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 'x' },
      { _id: 3, n: 1 },
    ]);
    const error = await bulkFailure(
      rows.bulkWrite(
        [
          { updateOne: { filter: { _id: 2 }, update: { $inc: { n: 1 } } } },
          { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
          { deleteOne: { filter: { n: { $foo: 1 } } } },
          { deleteOne: { filter: { _id: 3 } } },
        ],
        { ordered: false },
      ),
    );
    expect([error.writeErrors].flat().map((one) => [one.index, one.code])).to.deep.equal([
      [0, 14],
      [2, 2],
    ]);
    expect([error.modifiedCount, error.deletedCount]).to.deep.equal([1, 1]);
  });

  it('O1 deleteMany and deleteOne count what they remove', async () => {
    const { rows } = bench();
    await rows.insertMany(Array.from({ length: 250 }, (_, n) => ({ n: n % 2 })));
    expect((await rows.deleteOne({ n: 1 })).deletedCount).to.equal(1);
    expect((await rows.deleteMany({ n: 1 })).deletedCount).to.equal(124);
    expect(await rows.countDocuments()).to.equal(125);
  });
});
