import { expect } from 'chai';
import { failure, onEachStore } from './target.js';

onEachStore('O1 multikey indexes', (bench) => {
  it('O1 the fields of one array element stay together: no key is made of two', async () => {
    const { rows } = bench();
    await rows.createIndex({ 'l.x': 1, 'l.y': 1 }, { unique: true }, {});
    const pairs = [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ];
    await rows.insertOne({ _id: 1, l: pairs });
    await rows.insertOne({ _id: 2, l: [{ x: 1, y: 2 }] });
    const error = await failure(
      rows.insertOne({
        _id: 3,
        l: [
          { x: 5, y: 5 },
          { x: 2, y: 2 },
        ],
      }),
    );
    expect(error['keyValue']).to.deep.equal({ 'l.x': 2, 'l.y': 2 });
    expect(await rows.countDocuments({ 'l.x': 1, 'l.y': 2 })).to.equal(2);
    expect(await rows.countDocuments({ l: { $elemMatch: { x: 1, y: 2 } } })).to.equal(1);
  });

  it('O1 one array beside plain fields, sorted by it both ways, with the index and without', async () => {
    const { rows } = bench();
    await rows.insertMany([
      { _id: 1, g: 1, l: [5, 1] },
      { _id: 2, g: 1, l: [3] },
      { _id: 3, g: 1, l: [] },
      { _id: 4, g: 1 },
      { _id: 5, g: 2, l: 4 },
    ]);
    const read = async (direction: 1 | -1): Promise<unknown[]> =>
      (await rows.find({ g: 1 }).sort({ l: direction, _id: 1 }).toArray()).map((row) => row._id);
    for (const attempt of ['scan', 'index']) {
      expect(await read(1), attempt).to.deep.equal([3, 4, 1, 2]);
      expect(await read(-1), attempt).to.deep.equal([1, 2, 4, 3]);
      await rows.createIndex({ g: 1, l: 1 });
    }
  });

  it('O1 two arrays in one sort are refused (2), with an index on one of them too', async () => {
    const { rows } = bench();
    await rows.insertMany([
      { a: [1], b: 1 },
      { a: 1, b: [1] },
    ]);
    expect(await rows.find().sort({ a: 1, b: 1 }).toArray()).to.have.length(2);
    await rows.insertOne({ a: [1], b: [2] });
    for (const attempt of ['scan', 'index']) {
      expect((await failure(rows.find().sort({ a: 1, b: 1 }).toArray())).code, attempt).to.be.oneOf([2, 171]);
      await rows.createIndex({ a: 1 });
    }
  });

  it('O1 an index holds a nested array as one value beside its elements', async () => {
    const { rows } = bench();
    await rows.createIndex({ l: 1 });
    await rows.insertMany([
      { _id: 1, l: [[1, 2], 3] },
      { _id: 2, l: [1, 2] },
    ]);
    expect(
      (
        await rows
          .find({ l: [1, 2] })
          .sort({ _id: 1 })
          .toArray()
      ).map((row) => row._id),
    ).to.deep.equal([1, 2]);
    expect((await rows.find({ l: 1 }).toArray()).map((row) => row._id)).to.deep.equal([2]);
  });
});
