import { expect } from 'chai';
import { Double, Long, ObjectId } from 'mongodb';
import { failure, onEachStore, type Bench, type Row } from './target.js';

async function ids({ rows }: Bench, filter: object): Promise<unknown[]> {
  return (await rows.find(filter).sort({ _id: 1 }).toArray()).map((row: Row) => row._id);
}

onEachStore('O1 find and filters', (bench) => {
  it('O1 compares numbers across their types and nothing else across types', async () => {
    await bench().rows.insertMany([
      { _id: 1, v: 5 },
      { _id: 2, v: new Double(5) },
      { _id: 3, v: Long.fromNumber(5) },
      { _id: 4, v: '5' },
      { _id: 5, v: new Date(5) },
      { _id: 6, v: 7.5 },
      { _id: 7 },
    ]);
    expect(await ids(bench(), { v: 5 })).to.deep.equal([1, 2, 3]);
    expect(await ids(bench(), { v: { $gt: 4 } })).to.deep.equal([1, 2, 3, 6]);
    expect(await ids(bench(), { v: { $lt: 'a' } })).to.deep.equal([4]);
    expect(await ids(bench(), { v: { $ne: 5 } })).to.deep.equal([4, 5, 6, 7]);
    expect(await ids(bench(), { v: { $nin: [5, '5'] } })).to.deep.equal([5, 6, 7]);
  });

  it('O1 null finds null and missing, $exists tells them apart', async () => {
    await bench().rows.insertMany([
      { _id: 1, v: null },
      { _id: 2 },
      { _id: 3, v: 0 },
      { _id: 4, v: [null] },
      { _id: 5, v: [] },
    ]);
    expect(await ids(bench(), { v: null })).to.deep.equal([1, 2, 4]);
    expect(await ids(bench(), { v: { $exists: false } })).to.deep.equal([2]);
    expect(await ids(bench(), { v: { $in: [null, 0] } })).to.deep.equal([1, 2, 3, 4]);
    expect(await ids(bench(), { v: { $ne: null } })).to.deep.equal([3, 5]);
  });

  it('O1 opens arrays: any element may match, the whole array too, dotted paths go through', async () => {
    await bench().rows.insertMany([
      { _id: 1, v: [1, 2, 3] },
      { _id: 2, v: [[1, 2], 3] },
      {
        _id: 3,
        v: [
          { a: 1, b: 2 },
          { a: 3, b: 4 },
        ],
      },
      { _id: 4, v: { a: 1 } },
      { _id: 5, v: [1, 9] },
    ]);
    expect(await ids(bench(), { v: 3 })).to.deep.equal([1, 2]);
    expect(await ids(bench(), { v: [1, 2] })).to.deep.equal([2]);
    expect(await ids(bench(), { v: [1, 2, 3] })).to.deep.equal([1]);
    expect(await ids(bench(), { 'v.a': 1 })).to.deep.equal([3, 4]);
    expect(await ids(bench(), { 'v.1': 2 })).to.deep.equal([1]);
    expect(await ids(bench(), { 'v.a': 1, 'v.b': 4 })).to.deep.equal([3]);
    expect(await ids(bench(), { v: { $elemMatch: { a: 1, b: 4 } } })).to.deep.equal([]);
    expect(await ids(bench(), { v: { $gt: 8, $lt: 2 } })).to.deep.equal([5]);
    expect(await ids(bench(), { v: { $elemMatch: { $gt: 1, $lt: 3 } } })).to.deep.equal([1]);
    expect(await ids(bench(), { v: { $all: [3, 1] } })).to.deep.equal([1]);
    expect(await ids(bench(), { v: { $size: 2 } })).to.deep.equal([2, 3, 5]);
    expect(await ids(bench(), { 'v.a': null })).to.deep.equal([]);
  });

  it('O1 sorts over types, by several fields, with skip and limit', async () => {
    const { rows } = bench();
    const values = [new Date(0), true, 'b', 3, null, { a: 1 }, [7], new ObjectId(), 'B', 2.5];
    await rows.insertMany(values.map((v, _id) => ({ _id, v })));
    const up = (await rows.find().sort({ v: 1 }).toArray()).map((row) => row._id);
    expect(up).to.deep.equal([4, 9, 3, 6, 8, 2, 5, 7, 1, 0]);
    const page = await rows.find().sort({ v: -1 }).skip(1).limit(3).toArray();
    expect(page.map((row) => row._id)).to.deep.equal([1, 7, 5]);
  });

  it('O1 yields documents in the order of insertion where nothing else is asked', async () => {
    const { rows } = bench();
    for (const _id of [5, 1, 9, 3]) await rows.insertOne({ _id });
    expect((await rows.find().toArray()).map((row) => row._id)).to.deep.equal([5, 1, 9, 3]);
  });

  it('O1 projects fields in and out, through arrays', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 1, a: { x: 1, y: 2 }, b: [{ x: 1, y: 2 }, 3], c: 4 });
    const read = (projection: object) => rows.findOne({}, { projection });
    expect(await read({ c: 1 })).to.deep.equal({ _id: 1, c: 4 });
    expect(await read({ _id: 0, 'a.x': 1, 'b.x': 1 })).to.deep.equal({ a: { x: 1 }, b: [{ x: 1 }] });
    expect(await read({ 'a.x': 0, 'b.y': 0, c: 0 })).to.deep.equal({ _id: 1, a: { y: 2 }, b: [{ x: 1 }, 3] });
    expect(await read({ _id: 0 })).to.deep.equal({ a: { x: 1, y: 2 }, b: [{ x: 1, y: 2 }, 3], c: 4 });
    expect((await failure(read({ a: 1, c: 0 }))).code).to.equal(31254);
    expect((await failure(read({ a: 1, 'a.x': 1 }))).code).to.equal(31249);
  });

  it('mistake 7: a reader of a missing collection finds nothing and makes none', async () => {
    const { rows, db } = bench();
    expect(await rows.findOne({})).to.equal(null);
    expect(await rows.countDocuments()).to.equal(0);
    expect(await rows.distinct('a')).to.deep.equal([]);
    expect((await rows.updateOne({ _id: 1 }, { $set: { a: 1 } })).matchedCount).to.equal(0);
    expect((await rows.deleteMany({})).deletedCount).to.equal(0);
    expect(await db.listCollections().toArray()).to.deep.equal([]);
  });

  it('O1 refuses malformed filters with code 2', async () => {
    const { rows } = bench();
    for (const filter of [
      { a: { $foo: 1 } },
      { $and: [] },
      { a: { $in: 1 } },
      { a: { $not: 1 } },
      { $or: {} },
    ]) {
      expect((await failure(rows.findOne(filter as object))).code, JSON.stringify(filter)).to.equal(2);
    }
  });
});
