import { expect } from 'chai';
import { Double, Int32, Long } from 'mongodb';
import { failure, onEachStore } from './target.js';

onEachStore('O1 aggregate, count and distinct', (bench) => {
  beforeEach(async () => {
    await bench().rows.insertMany([
      { _id: 1, g: 'a', n: 1, t: { x: 5 } },
      { _id: 2, g: 'a', n: 2.5, t: { x: null } },
      { _id: 3, g: 'b', n: 'text' },
      { _id: 4, n: 4, t: { x: 1 } },
    ]);
  });

  it('O1 groups by a field with every accumulator; missing groups as null', async () => {
    const rows = await bench()
      .rows.aggregate([
        { $sort: { _id: 1 } },
        {
          $group: {
            _id: '$g',
            sum: { $sum: '$n' },
            count: { $sum: 1 },
            avg: { $avg: '$n' },
            min: { $min: '$t.x' },
            max: { $max: '$n' },
            first: { $first: '$_id' },
            last: { $last: '$_id' },
          },
        },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(rows).to.deep.equal([
      { _id: null, sum: 4, count: 1, avg: 4, min: 1, max: 4, first: 4, last: 4 },
      { _id: 'a', sum: 3.5, count: 2, avg: 1.75, min: 5, max: 2.5, first: 1, last: 2 },
      { _id: 'b', sum: 0, count: 1, avg: null, min: null, max: 'text', first: 3, last: 3 },
    ]);
  });

  it('O1 groups by several fields and by a constant; sums keep their type', async () => {
    const { rows } = bench();
    const several = await rows
      .aggregate([{ $group: { _id: { g: '$g', x: '$t.x' }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(several.map((row) => row['_id'] as unknown)).to.deep.include.members([
      { g: 'a', x: 5 },
      { g: 'a', x: null },
      { g: 'b' },
    ]);
    await rows.deleteMany({});
    await rows.insertMany([{ n: new Int32(2147483647) }, { n: new Int32(1) }]);
    const raw = { promoteValues: false, promoteLongs: false };
    const total = [{ $group: { _id: null, n: { $sum: '$n' } } }];
    expect((await rows.aggregate(total, raw).toArray())[0]?.['n']).to.deep.equal(
      Long.fromString('2147483648'),
    );
    await rows.insertOne({ n: new Double(1) });
    expect((await rows.aggregate(total, raw).toArray())[0]?.['n']).to.deep.equal(new Double(2147483649));
  });

  it('O1 matches, sorts, skips, limits, projects and counts', async () => {
    const { rows } = bench();
    const page = [{ $match: { n: { $type: 'x' } } }];
    expect((await failure(rows.aggregate(page).toArray())).code).to.be.oneOf([2, 9]);
    expect(
      await rows
        .aggregate([{ $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1, _id: 0 } }])
        .toArray(),
    ).to.deep.equal([{ n: 'text' }, { n: 2.5 }]);
    expect(await rows.aggregate([{ $match: { g: 'a' } }, { $count: 'many' }]).toArray()).to.deep.equal([
      { many: 2 },
    ]);
    expect(await rows.aggregate([{ $match: { g: 'zzz' } }, { $count: 'many' }]).toArray()).to.deep.equal([]);
    expect(
      await rows.aggregate([{ $group: { _id: '$g', n: { $sum: 1 } } }, { $match: { n: 2 } }]).toArray(),
    ).to.deep.equal([{ _id: 'a', n: 2 }]);
  });

  it('mistake 5: count obeys filter, skip and limit, with an index and without', async () => {
    const { rows } = bench();
    for (const attempt of ['scan', 'index']) {
      expect(await rows.countDocuments({ g: 'a' }), attempt).to.equal(2);
      expect(await rows.countDocuments({ g: 'a' }, { skip: 1 }), attempt).to.equal(1);
      expect(await rows.countDocuments({}, { skip: 1, limit: 2 }), attempt).to.equal(2);
      expect((await bench().db.command({ count: 'rows', query: { g: 'a' }, skip: 1 }))['n']).to.equal(1);
      expect((await bench().db.command({ count: 'rows', limit: 3 }))['n']).to.equal(3);
      expect(await rows.estimatedDocumentCount()).to.equal(4);
      await rows.createIndex({ g: 1 });
    }
    await rows.updateOne({ _id: 3 }, { $set: { g: ['a', 'c'] } });
    expect(await rows.countDocuments({ g: 'a' })).to.equal(3);
  });

  it('mistake 8: distinct tells a date from its text, opens arrays, and takes equal numbers for one value', async () => {
    const { rows } = bench();
    await rows.deleteMany({});
    const date = new Date(0);
    await rows.insertMany([
      { v: date },
      { v: date.toISOString() },
      { v: [1, new Double(1), 2] },
      { v: 1 },
      { v: null },
      {},
      { v: { a: 1 } },
    ]);
    expect(await rows.distinct('v')).to.have.deep.members([date, date.toISOString(), 1, 2, null, { a: 1 }]);
    expect(await rows.distinct('v.a')).to.deep.equal([1]);
    expect(await rows.distinct('v', { v: { $gt: 1 } })).to.have.members([1, 2]);
  });
});
