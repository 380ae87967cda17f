import { expect } from 'chai';
import type { Document } from 'mongodb';
import { failure, onEachStore, type Bench } from './target.js';

interface Stage {
  readonly stage: string;
  readonly inputStage?: Stage;
}

interface Explained {
  readonly queryPlanner: { readonly winningPlan: Stage };
  readonly executionStats: { readonly totalDocsExamined: number; readonly nReturned: number };
}

/** The stages of the winning plan from the outside in, and what was examined. */
async function explained(
  { rows }: Bench,
  filter: object,
  sort: Record<string, 1 | -1> = {},
): Promise<Document> {
  const plan = (await rows.find(filter).sort(sort).explain('executionStats')) as Explained;
  const stages: string[] = [];
  for (let stage: Stage | undefined = plan.queryPlanner.winningPlan; stage; stage = stage.inputStage)
    stages.push(stage.stage);
  return {
    stages,
    documents: plan.executionStats.totalDocsExamined,
    returned: plan.executionStats.nReturned,
  };
}

onEachStore('O1 indexes', (bench) => {
  it('mistake 1: a multikey index yields a document once, in find, count and updateMany', async () => {
    const { rows } = bench();
    await rows.createIndex({ tags: 1 });
    await rows.insertMany([
      { _id: 1, tags: ['a', 'b', 'c'] },
      { _id: 2, tags: ['b', 'b'] },
      { _id: 3, tags: 'z' },
    ]);
    expect(await rows.find({ tags: { $gte: 'a', $lte: 'c' } }).toArray()).to.have.length(2);
    expect(await rows.countDocuments({ tags: { $in: ['a', 'b'] } })).to.equal(2);
    expect((await rows.updateMany({ tags: { $gt: '' } }, { $inc: { n: 1 } })).matchedCount).to.equal(3);
    expect(await rows.countDocuments({ n: 1 })).to.equal(3);
  });

  it('mistake 2: two bounds on a multikey index may be met by different elements', async () => {
    const { rows } = bench();
    await rows.createIndex({ v: 1 });
    await rows.createIndex({ 'p.a': 1, 'p.b': 1 });
    await rows.insertOne({
      _id: 1,
      v: [1, 10],
      p: [
        { a: 1, b: 0 },
        { a: 0, b: 2 },
      ],
    });
    expect(await rows.countDocuments({ v: { $gt: 4, $lt: 6 } })).to.equal(1);
    expect(await rows.countDocuments({ 'p.a': 1, 'p.b': 2 })).to.equal(1);
  });

  it('O1 finds by an index, sorts by it both ways, and explain says so', async () => {
    const { rows } = bench();
    await rows.insertMany(Array.from({ length: 200 }, (_, n) => ({ n, g: n % 10 })));
    expect(await explained(bench(), { g: 3 })).to.deep.equal({
      stages: ['COLLSCAN'],
      documents: 200,
      returned: 20,
    });
    await rows.createIndex({ g: 1, n: -1 });
    expect(await explained(bench(), { g: 3 })).to.deep.equal({
      stages: ['FETCH', 'IXSCAN'],
      documents: 20,
      returned: 20,
    });
    for (const n of [1, -1] as const) {
      expect((await explained(bench(), { g: 3 }, { n }))['stages']).to.deep.equal(['FETCH', 'IXSCAN']);
      const page = await rows.find({ g: 3 }).sort({ n }).limit(3).toArray();
      expect(page.map((row) => row['n'] as number)).to.deep.equal(n === 1 ? [3, 13, 23] : [193, 183, 173]);
    }
    expect(await explained(bench(), { g: 3, n: { $gte: 100 } })).to.include({ documents: 10 });
    expect((await explained(bench(), { g: { $in: [1, 2] } }))['documents']).to.equal(40);
  });

  it('O1 explain reads what the command would: its limit, its skip, one document of an update or a deletion of one', async () => {
    const { rows, db } = bench();
    await rows.insertMany(Array.from({ length: 20 }, (_, n) => ({ n })));
    const examined = async (explain: object): Promise<unknown> =>
      ((await db.command({ explain, verbosity: 'executionStats' })) as Explained).executionStats
        .totalDocsExamined;
    const u = { $set: { a: 1 } };
    expect(await examined({ update: 'rows', updates: [{ q: {}, u }] })).to.equal(1);
    expect(await examined({ update: 'rows', updates: [{ q: {}, u, multi: true }] })).to.equal(20);
    expect(await examined({ delete: 'rows', deletes: [{ q: {}, limit: 1 }] })).to.equal(1);
    expect(await examined({ delete: 'rows', deletes: [{ q: {}, limit: 0 }] })).to.equal(20);
    expect(await examined({ count: 'rows', query: { n: { $gte: 0 } }, skip: 2, limit: 3 })).to.equal(5);
    expect(await examined({ find: 'rows', skip: 1, limit: 2 })).to.equal(3);
  });

  it('O1 an $or whose branches all have an index reads only them, each document once', async () => {
    const { rows } = bench();
    await rows.createIndex({ a: 1 });
    await rows.createIndex({ b: 1 });
    await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ a: n, b: n })));
    const filter = { $or: [{ a: 5 }, { b: { $gt: 97 } }, { b: 5 }] };
    expect(await rows.countDocuments(filter)).to.equal(3);
    expect((await explained(bench(), filter))['documents']).to.equal(3);
  });

  it('mistake 8: a unique index refuses a second value: null counts as one, [] is not null, each array element counts', async () => {
    const { rows } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    await rows.insertMany([{ _id: 1 }, { _id: 2, k: [] }, { _id: 3, k: [1, 1, 2] }]);
    for (const document of [{}, { k: null }, { k: [] }, { k: 2 }, { k: [7, 1] }]) {
      const error = await failure(rows.insertOne(document));
      expect(error.code, JSON.stringify(document)).to.equal(11000);
      expect(error['keyPattern']).to.deep.equal({ k: 1 });
    }
    expect((await failure(rows.updateOne({ _id: 1 }, { $set: { k: 2 } }))).code).to.equal(11000);
    await rows.updateOne({ _id: 3 }, { $set: { k: [2, 3] } });
    await rows.insertOne({ k: 1 });
  });

  it('O1 a compound unique index over long strings tells them apart to the last letter', async () => {
    const { rows } = bench();
    await rows.createIndex({ a: 1, b: 1 }, { unique: true }, {});
    const long = 'x'.repeat(3000);
    await rows.insertMany([
      { _id: 1, a: long + '1', b: 1 },
      { _id: 2, a: long + '2', b: 1 },
    ]);
    expect((await failure(rows.insertOne({ a: long + '1', b: 1 }))).code).to.equal(11000);
    expect((await rows.findOne({ a: long + '2', b: 1 }))?._id).to.equal(2);
    expect(await rows.countDocuments({ a: { $gt: long } })).to.equal(2);
    expect((await rows.find().sort({ a: -1 }).toArray()).map((row) => row._id)).to.deep.equal([2, 1]);
  });

  it('O1 sparse and partial indexes hold only their documents, and serve only filters that stay inside', async () => {
    const { rows } = bench();
    await rows.createIndex({ phone: 1 }, { unique: true, sparse: true }, {});
    await rows.createIndex({ name: 1 }, { unique: true, partialFilterExpression: { active: true } }, {});
    await rows.insertMany([
      { _id: 1, name: 'a', active: true },
      { _id: 2, name: 'a' },
      { _id: 3, name: 'a', phone: '1' },
    ]);
    expect((await failure(rows.insertOne({ name: 'a', active: true }))).code).to.equal(11000);
    expect((await failure(rows.insertOne({ phone: '1' }))).code).to.equal(11000);
    expect(await rows.countDocuments({ name: 'a' })).to.equal(3);
    expect(await rows.find().sort({ phone: 1 }).toArray()).to.have.length(3);
    expect(await rows.countDocuments({ phone: null })).to.equal(2);
    expect((await explained(bench(), { name: 'a', active: true }))['documents']).to.equal(1);
    await rows.updateOne({ _id: 1 }, { $set: { active: false } });
    await rows.insertOne({ _id: 4, name: 'a', active: true });
  });

  it('O1 building a unique index over doubles fails and leaves no index', async () => {
    const { rows } = bench();
    await rows.insertMany([{ k: 1 }, { k: 1 }]);
    expect((await failure(rows.createIndex({ k: 1 }, { unique: true }, {}))).code).to.equal(11000);
    expect(await rows.indexes()).to.have.length(1);
    await rows.deleteOne({});
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    expect(await rows.countDocuments({ k: 1 })).to.equal(1);
  });

  it('O1 the quorum of an index is one that a single member meets, or refused', async function () {
    const { rows, db, isEmbedded } = bench();
    await rows.insertOne({ a: 1 });
    for (const [n, commitQuorum] of (['majority', 'votingMembers', 1, 0] as const).entries())
      await rows.createIndex({ [`k${n}`]: 1 }, {}, { commitQuorum });
    expect(await rows.indexes()).to.have.length(5);
    if (!isEmbedded) this.skip();
    for (const commitQuorum of ['', 'nobody', 2, -1, 0.5, null, {}]) {
      const command = { createIndexes: 'rows', indexes: [{ key: { z: 1 }, name: 'z' }], commitQuorum };
      expect((await failure(db.command(command))).code, JSON.stringify(commitQuorum)).to.equal(9);
    }
    expect(await rows.indexes()).to.have.length(5);
  });

  it('mistake 8: the same name or key with other options is refused (85, 86), the same index is no error', async () => {
    const { rows } = bench();
    await rows.createIndex({ a: 1 }, { name: 'mine' }, {});
    expect(await rows.createIndex({ a: 1 }, { name: 'mine' }, {})).to.equal('mine');
    expect((await failure(rows.createIndex({ b: 1 }, { name: 'mine' }, {}))).code).to.equal(86);
    expect((await failure(rows.createIndex({ a: 1 }, { name: 'other' }, {}))).code).to.equal(85);
    expect((await failure(rows.createIndex({ a: 1 }, { name: 'mine', unique: true }, {}))).code).to.be.oneOf([
      85, 86,
    ]);
  });

  it('O1 lists and drops indexes; _id_ stays (72), a missing one is 27, a missing collection 26', async () => {
    const { rows, db } = bench();
    expect((await failure(db.collection('none').indexes())).code).to.equal(26);
    await rows.createIndexes([{ key: { a: 1 } }, { key: { b: 1, 'c.d': -1 }, name: 'bcd' }]);
    expect((await rows.indexes()).map((index) => index.name)).to.deep.equal(['_id_', 'a_1', 'bcd']);
    await rows.dropIndex('a_1');
    expect((await failure(rows.dropIndex('a_1'))).code).to.equal(27);
    expect((await failure(rows.dropIndex('_id_'))).code).to.equal(72);
    await rows.dropIndexes();
    expect(await rows.indexes()).to.have.length(1);
  });

  it('O1 two arrays in one compound index are refused (171)', async () => {
    const { rows } = bench();
    await rows.createIndex({ a: 1, b: 1 });
    expect((await failure(rows.insertOne({ a: [1], b: [2] }))).code).to.equal(171);
    expect(await rows.countDocuments()).to.equal(0);
  });

  it('O1 drops collections and databases with everything in them', async () => {
    const { rows, db } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    await rows.insertOne({ k: 1 });
    expect((await db.listCollections({ name: 'rows' }).toArray())[0]).to.include({
      name: 'rows',
      type: 'collection',
    });
    expect(await rows.drop()).to.equal(true);
    expect(await db.listCollections().toArray()).to.deep.equal([]);
    await rows.insertMany([{ k: 1 }, { k: 1 }]);
    expect(await rows.countDocuments({ k: 1 })).to.equal(2);
    await db.dropDatabase();
    expect(await rows.countDocuments()).to.equal(0);
  });
});
