import { expect } from 'chai';
import type { Document } from 'mongodb';
import { failure, onEachStore, type Bench } from './target.js';

async function errorsOf(
  { db }: Bench,
  command: Document,
): Promise<{ n: number; errors: [number, number][] }> {
  const { n, writeErrors } = await db.command(command);
  const errors = (writeErrors as { index: number; code: number }[] | undefined) ?? [];
  return { n: n as number, errors: errors.map(({ index, code }) => [index, code]) };
}

onEachStore('O1 mistakes that a first version makes', (bench) => {
  it('mistake 3: null is a legal _id: found, changed, replaced and removed by it', async () => {
    const { rows, db } = bench();
    await db.command({ insert: 'rows', documents: [{ _id: null, n: 1 }, { _id: 1 }] });
    expect((await rows.updateOne({ _id: null }, { $inc: { n: 1 } })).modifiedCount).to.equal(1);
    await rows.replaceOne({ _id: null }, { m: 1 });
    expect(await rows.find({ _id: null }).toArray()).to.deep.equal([{ _id: null, m: 1 }]);
    expect((await rows.deleteOne({ _id: null })).deletedCount).to.equal(1);
    expect(await rows.countDocuments()).to.equal(1);
  });

  it('mistake 3: no way of findAndModify changes _id', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 1, a: 1 });
    expect((await failure(rows.findOneAndReplace({ a: 1 }, { _id: 2 }))).code).to.equal(66);
    expect((await failure(rows.findOneAndUpdate({ a: 1 }, { $set: { _id: 2 } }))).code).to.equal(66);
    const upsert = rows.findOneAndUpdate({ _id: 5 }, { $set: { _id: 6 } }, { upsert: true });
    expect((await failure(upsert)).code).to.equal(66);
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, a: 1 }]);
  });

  it('mistake 4: one bad document of an insert fails alone, ordered and unordered', async () => {
    const documents = [{ _id: 1 }, { _id: [1] }, { _id: 1 }, { _id: 2 }];
    const ordered = await errorsOf(bench(), { insert: 'rows', documents });
    expect(ordered).to.deep.equal({ n: 1, errors: [[1, 53]] });
    const { n, errors } = await errorsOf(bench(), { insert: 'rows', documents, ordered: false });
    expect({ n, errors }).to.deep.equal({
      n: 1,
      errors: [
        [0, 11000],
        [1, 53],
        [2, 11000],
      ],
    });
    expect(await bench().rows.countDocuments()).to.equal(2);
  });

  it('mistake 4: one bad statement of a delete or an update fails alone, ordered and unordered', async () => {
    const { rows } = bench();
    await rows.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 4 }]);
    const deletes = [1, { $foo: 1 }, 2].map((_id) => ({ q: { _id }, limit: 1 }));
    expect(await errorsOf(bench(), { delete: 'rows', deletes })).to.deep.equal({ n: 1, errors: [[1, 2]] });
    const rest = await errorsOf(bench(), { delete: 'rows', deletes, ordered: false });
    expect(rest).to.deep.equal({ n: 1, errors: [[1, 2]] });
    const updates = [3, { $foo: 1 }, 4].map((_id) => ({ q: { _id }, u: { $set: { a: 1 } } }));
    expect(await errorsOf(bench(), { update: 'rows', updates })).to.deep.equal({ n: 1, errors: [[1, 2]] });
    expect(await errorsOf(bench(), { update: 'rows', updates, ordered: false })).to.deep.equal({
      n: 2,
      errors: [[1, 2]],
    });
    expect(await rows.countDocuments({ a: 1 })).to.equal(2);
  });

  it('mistake 6: a name with a null byte is refused, and the connection goes on', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 1, a: 1 });
    const error = await failure(rows.updateOne({}, { $rename: { a: 'b\0c' } }));
    expect(error.code).to.be.a('number');
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, a: 1 }]);
  });

  it('mistake 7: nothing that only reads or fails makes a collection', async () => {
    const { rows, db } = bench();
    await rows.findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } });
    await rows.aggregate([{ $match: {} }]).toArray();
    await db.command({ count: 'rows' });
    await failure(rows.insertOne({ _id: [1] }));
    expect(await db.listCollections().toArray()).to.deep.equal([]);
  });
});
