import { expect } from 'chai';
import { Double, Int32, Long } from 'mongodb';
import { failure, onEachStore, type Bench, type Row } from './target.js';

/** The document after one update, without `_id`. */
async function after(
  { rows }: Bench,
  document: Row,
  update: object,
  options = {},
  filter: object = {},
): Promise<unknown> {
  await rows.deleteMany({});
  await rows.insertOne({ _id: 1, ...document });
  await rows.updateOne({ _id: 1, ...filter }, update, options);
  const { _id, ...fields } = (await rows.findOne({ _id: 1 })) ?? {};
  return fields;
}

onEachStore('O1 updates', (bench) => {
  it('O1 $set, $unset, $rename make and remove nested fields; new fields come in the order of their names', async () => {
    expect(await after(bench(), { a: { b: 1 } }, { $set: { 'a.c': 2, 'd.e.f': 3 } })).to.deep.equal({
      a: { b: 1, c: 2 },
      d: { e: { f: 3 } },
    });
    expect(
      await after(bench(), { a: { b: 1 }, l: [1, 2] }, { $unset: { 'a.b': 1, 'l.0': 1, x: 1 } }),
    ).to.deep.equal({ a: {}, l: [null, 2] });
    expect(await after(bench(), { a: { b: 1 }, c: 2 }, { $rename: { 'a.b': 'c', x: 'y' } })).to.deep.equal({
      a: {},
      c: 1,
    });
    expect(
      Object.keys((await after(bench(), {}, { $set: { z: 1, b: 1 }, $inc: { m: 1 } })) as object),
    ).to.deep.equal(['b', 'm', 'z']);
    expect(await after(bench(), { l: [1] }, { $set: { 'l.3': 4 } })).to.deep.equal({ l: [1, null, null, 4] });
  });

  it('O1 $inc keeps integers, grows to 64 bits and refuses what is no number (14)', async () => {
    const { rows } = bench();
    await rows.insertOne({
      _id: 1,
      int: new Int32(2147483647),
      double: new Double(1.5),
      long: Long.fromNumber(1),
      text: 'x',
    });
    await rows.updateOne({ _id: 1 }, { $inc: { int: 1, double: 1, long: 1, fresh: 5 } });
    const found = await rows.findOne({ _id: 1 }, { promoteValues: false });
    expect(found?.['int']).to.deep.equal(Long.fromString('2147483648'));
    expect(found?.['double']).to.deep.equal(new Double(2.5));
    expect(found?.['long']).to.deep.equal(Long.fromNumber(2));
    expect(found?.['fresh']).to.deep.equal(new Int32(5));
    expect((await failure(rows.updateOne({ _id: 1 }, { $inc: { text: 1 } }))).code).to.equal(14);
    expect(
      (await failure(rows.updateOne({ _id: 1 }, { $inc: { int: 'x' as unknown as number } }))).code,
    ).to.equal(14);
  });

  it('O1 $min, $max and $currentDate', async () => {
    expect(
      await after(bench(), { a: 5, b: 5 }, { $min: { a: 3, b: 7, c: 1 }, $max: { d: 2 } }),
    ).to.deep.equal({ a: 3, b: 5, c: 1, d: 2 });
    const dated = (await after(bench(), {}, { $currentDate: { at: true, on: { $type: 'date' } } })) as Record<
      string,
      unknown
    >;
    expect(dated['at']).to.be.instanceOf(Date);
    expect(dated['on']).to.be.instanceOf(Date);
  });

  it('O1 $push with $each, $sort and $slice, also on a missing field', async () => {
    expect(await after(bench(), { l: [3] }, { $push: { l: 1 } })).to.deep.equal({ l: [3, 1] });
    expect(
      await after(bench(), {}, { $push: { l: { $each: [3, 1, 2], $sort: 1, $slice: 2 } } }),
    ).to.deep.equal({ l: [1, 2] });
    expect(await after(bench(), { l: [5] }, { $push: { l: { $each: [3, 9], $slice: -2 } } })).to.deep.equal({
      l: [3, 9],
    });
    const byField = { $push: { l: { $each: [{ a: 2 }, { a: 1 }], $sort: { a: -1 } } } };
    expect(await after(bench(), { l: [{ a: 3 }] }, byField)).to.deep.equal({
      l: [{ a: 3 }, { a: 2 }, { a: 1 }],
    });
    expect((await failure(after(bench(), { l: 1 }, { $push: { l: 1 } }))).code).to.equal(2);
  });

  it('O1 $addToSet leaves doubles that are there, $pull takes values, conditions and documents', async () => {
    expect(await after(bench(), { l: [1, 1] }, { $addToSet: { l: { $each: [1, 2, 2] } } })).to.deep.equal({
      l: [1, 1, 2],
    });
    expect(await after(bench(), { l: [1, 5, 9, 'x'] }, { $pull: { l: { $gte: 5 } } })).to.deep.equal({
      l: [1, 'x'],
    });
    expect(
      await after(bench(), { l: [{ a: 1, b: 2 }, { a: 2 }, 3] }, { $pull: { l: { a: 1 } } }),
    ).to.deep.equal({ l: [{ a: 2 }, 3] });
    expect(await after(bench(), { l: [1, 2, 1] }, { $pull: { l: 1 } })).to.deep.equal({ l: [2] });
  });

  it('O1 the positional $, $[] and $[id] change the right elements', async () => {
    expect(await after(bench(), { l: [1, 2, 3] }, { $set: { 'l.$': 9 } }, {}, { l: 2 })).to.deep.equal({
      l: [1, 9, 3],
    });
    expect(
      await after(bench(), { l: [{ a: 1 }, { a: 2 }] }, { $set: { 'l.$.b': 9 } }, {}, { 'l.a': 2 }),
    ).to.deep.equal({ l: [{ a: 1 }, { a: 2, b: 9 }] });
    expect(await after(bench(), { l: [{ a: 1 }, { a: 2 }] }, { $inc: { 'l.$[].a': 1 } })).to.deep.equal({
      l: [{ a: 2 }, { a: 3 }],
    });
    const filters = { arrayFilters: [{ 'x.a': { $gt: 1 } }] };
    expect(
      await after(bench(), { l: [{ a: 1 }, { a: 2 }] }, { $set: { 'l.$[x].b': 1 } }, filters),
    ).to.deep.equal({ l: [{ a: 1 }, { a: 2, b: 1 }] });
    expect((await failure(after(bench(), { l: [1] }, { $set: { 'l.$': 9 } }))).code).to.equal(2);
    expect((await failure(after(bench(), { l: [1] }, { $set: { 'l.$[y]': 9 } }))).code).to.equal(2);
    expect((await failure(after(bench(), { l: [1] }, { $set: { l: 9 } }, filters))).code).to.equal(9);
  });

  it('mistake 3: nothing changes _id: code 66 from $set, $unset, $inc, a replacement and findAndModify', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 1, a: 1 });
    const attempts = [
      () => rows.updateOne({ a: 1 }, { $set: { _id: 2 } }),
      () => rows.updateOne({ a: 1 }, { $unset: { _id: 1 } }),
      () => rows.updateOne({ a: 1 }, { $inc: { _id: 1 } }),
      () => rows.replaceOne({ a: 1 }, { _id: 2, a: 1 }),
      () => rows.findOneAndUpdate({ a: 1 }, { $set: { '_id.x': 2 } }),
    ];
    for (const [i, attempt] of attempts.entries())
      expect((await failure(attempt())).code, String(i)).to.be.oneOf(i === 4 ? [66, 28] : [66]);
    await rows.updateOne({ a: 1 }, { $set: { _id: 1, b: 1 } });
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, a: 1, b: 1 }]);
  });

  it('O1 refuses conflicting paths (40), a scalar in the way (28) and unknown modifiers (9)', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 1, a: 5, l: [1] });
    expect((await failure(rows.updateOne({}, { $set: { 'a.b': 1 } }))).code).to.equal(28);
    expect((await failure(rows.updateOne({}, { $set: { 'l.x': 1 } }))).code).to.equal(28);
    expect((await failure(rows.updateOne({}, { $set: { a: 1, 'a.b': 1 } }))).code).to.equal(40);
    expect((await failure(rows.updateOne({}, { $set: { a: 1 }, $inc: { a: 1 } }))).code).to.equal(40);
    expect((await failure(rows.updateOne({}, { $foo: { a: 1 } }))).code).to.equal(9);
    expect((await failure(rows.updateOne({}, { $set: { 'a..b': 1 } }))).code).to.equal(56);
  });

  it('O1 counts matched and modified apart, and updateMany changes each document once', async () => {
    const { rows } = bench();
    await rows.createIndex({ n: 1 });
    await rows.insertMany([{ n: [1, 2] }, { n: [2, 3] }, { n: [9] }]);
    const result = await rows.updateMany({ n: { $gte: 1, $lt: 9 } }, {
      $inc: { hits: 1 },
      $push: { n: 4 },
    } as object);
    expect([result.matchedCount, result.modifiedCount]).to.deep.equal([2, 2]);
    expect(await rows.countDocuments({ hits: 1 })).to.equal(2);
    const same = await rows.updateMany({}, { $unset: { nothing: 1 } });
    expect([same.matchedCount, same.modifiedCount]).to.deep.equal([3, 0]);
  });

  it('O1 an update that moves documents in the index it scans meets each one once', async () => {
    const { rows } = bench();
    await rows.createIndex({ n: 1 });
    await rows.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    const result = await rows.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1000 } });
    expect(result.modifiedCount).to.equal(300);
    expect(await rows.countDocuments({ n: { $gte: 1000, $lt: 1300 } })).to.equal(300);
  });

  it('O1 upsert builds on the equalities of the filter and applies $setOnInsert', async () => {
    const { rows } = bench();
    const filter = { _id: 7, 'a.b': 1, c: { $gt: 2 }, $and: [{ d: { $eq: 4 } }] };
    const first = await rows.updateOne(filter, { $set: { e: 5 }, $setOnInsert: { f: 6 } }, { upsert: true });
    expect([first.upsertedId, first.upsertedCount, first.matchedCount]).to.deep.equal([7, 1, 0]);
    expect(await rows.findOne({ _id: 7 })).to.deep.equal({ _id: 7, a: { b: 1 }, d: 4, e: 5, f: 6 });
    await rows.updateOne({ _id: 7 }, { $set: { e: 6 }, $setOnInsert: { f: 9 } }, { upsert: true });
    expect(await rows.findOne({ _id: 7 })).to.deep.include({ e: 6, f: 6 });
    await rows.replaceOne({ _id: 8, x: 1 }, { y: 1 }, { upsert: true });
    expect(await rows.findOne({ _id: 8 })).to.deep.equal({ _id: 8, y: 1 });
  });

  it('mistake 5: the sort of an update, which MongoDB has since 8.0 only, is refused', async function () {
    const { rows, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    await rows.insertOne({ _id: 1 });
    const update = rows.updateOne({}, { $set: { hit: true } }, { sort: { n: -1 } });
    expect((await failure(update)).code).to.equal(9);
    expect(await rows.findOne()).to.deep.equal({ _id: 1 });
  });
});

onEachStore('O1 findAndModify', (bench) => {
  it('O1 takes the first by sort, returns before or after, with a projection', async () => {
    const { rows } = bench();
    await rows.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const before = await rows.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 } });
    expect(before).to.deep.equal({ _id: 2, n: 2 });
    const changed = await rows.findOneAndUpdate(
      { _id: 2 },
      { $inc: { n: 1 } },
      { returnDocument: 'after', projection: { _id: 0, n: 1 } },
    );
    expect(changed).to.deep.equal({ n: 13 });
    expect(await rows.findOneAndReplace({ _id: 1 }, { m: 1 }, { returnDocument: 'after' })).to.deep.equal({
      _id: 1,
      m: 1,
    });
    expect(await rows.findOneAndDelete({}, { sort: { _id: -1 } })).to.deep.equal({ _id: 2, n: 13 });
    expect(await rows.findOneAndDelete({ _id: 99 })).to.equal(null);
  });

  it('O1 upserts, tells so, and applies array filters', async () => {
    const { rows } = bench();
    const options = { upsert: true, returnDocument: 'after', includeResultMetadata: true } as const;
    const made = await rows.findOneAndUpdate({ _id: 5 }, { $set: { l: [1, 5] } }, options);
    expect(made.value).to.deep.equal({ _id: 5, l: [1, 5] });
    expect(made.lastErrorObject).to.deep.equal({ n: 1, updatedExisting: false, upserted: 5 });
    const filters = { arrayFilters: [{ x: { $gt: 3 } }], returnDocument: 'after' as const };
    expect(await rows.findOneAndUpdate({ _id: 5 }, { $inc: { 'l.$[x]': 1 } }, filters)).to.deep.equal({
      _id: 5,
      l: [1, 6],
    });
    expect(await rows.findOneAndUpdate({ _id: 6 }, { $set: { a: 1 } })).to.equal(null);
  });

  it('O1 fails on a unique key without changing anything', async () => {
    const { rows } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    await rows.insertMany([
      { _id: 1, k: 'a' },
      { _id: 2, k: 'b' },
    ]);
    expect((await failure(rows.findOneAndUpdate({ _id: 2 }, { $set: { k: 'a' } }))).code).to.equal(11000);
    expect(await rows.findOne({ k: 'b' })).to.deep.equal({ _id: 2, k: 'b' });
  });
});
