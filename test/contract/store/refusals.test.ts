import { expect } from 'chai';
import { Long, Timestamp, UUID } from 'mongodb';
import { failure, onEachStore } from './target.js';

onEachStore('O1 refusals', (bench) => {
  beforeEach(() => bench().rows.insertOne({ _id: 1, a: 1 }));

  it('O1 an unknown command is 59', async () => {
    expect((await failure(bench().db.command({ fooBar: 1 }))).code).to.equal(59);
  });

  it('mistake 5: what the subset does not have is refused, never ignored', async function () {
    const { db, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    const commands = [
      { find: 'rows', collation: { locale: 'de' } },
      { find: 'rows', hint: { a: 1 } },
      { find: 'rows', min: { a: 1 } },
      { find: 'rows', let: { x: 1 } },
      { find: 'rows', tailable: true },
      { find: 'rows', filter: { $expr: { $eq: ['$a', 1] } } },
      { find: 'rows', filter: { $where: '1' } },
      { find: 'rows', filter: { $text: { $search: 'a' } } },
      { find: 'rows', filter: { a: /^a/ } },
      { find: 'rows', filter: { a: { $regex: '^a', $options: 'i' } } },
      { find: 'rows', filter: { a: { $in: [1, /a$/] } } },
      { find: 'rows', filter: { a: { $nin: [/a/] } } },
      { find: 'rows', filter: { a: { $all: [/a/] } } },
      { find: 'rows', filter: { a: { $not: /a/ } } },
      {
        createIndexes: 'rows',
        indexes: [{ key: { a: 1 }, name: 'a', partialFilterExpression: { b: /a/ } }],
      },
      { find: 'rows', projection: { a: { $slice: 1 } } },
      { find: 'rows', projection: { b: '$a' } },
      { find: 'rows', sort: { $natural: -1 } },
      { find: 'rows', sort: { 'a.0': 1 } },
      { count: 'rows', hint: 'a_1' },
      { count: 'rows', collation: { locale: 'de' } },
      { distinct: 'rows', key: 'a', collation: { locale: 'de' } },
      { insert: 'rows', documents: [{}], bypassDocumentValidation: true },
      { findAndModify: 'rows', update: { $set: { a: 1 } }, hint: 'a_1' },
      { aggregate: 'rows', pipeline: [{ $lookup: {} }], cursor: {} },
      { aggregate: 'rows', pipeline: [{ $group: { _id: null, x: { $push: '$a' } } }], cursor: {} },
      { aggregate: 'rows', pipeline: [{ $project: { b: { $add: [1, 1] } } }], cursor: {} },
      { aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} },
      { create: 'rows2', capped: true, size: 100 },
    ];
    for (const command of commands)
      expect((await failure(db.command(command))).code, JSON.stringify(command)).to.equal(9);
    for (const update of [
      { $mul: { a: 2 } },
      { $pop: { a: 1 } },
      [{ $set: { a: 1 } }],
      { $push: { l: { $each: [1], $position: 0 } } },
      { $pull: { l: /a/ } },
      { $pull: { l: { x: /a/ } } },
    ]) {
      const answer = await db.command({ update: 'rows', updates: [{ q: {}, u: update }] });
      const errors = answer['writeErrors'] as { code: number }[] | undefined;
      expect(errors?.[0]?.code, JSON.stringify(update)).to.equal(9);
    }
    for (const statement of [
      { q: {}, u: { $set: { a: 1 } }, hint: 'x' },
      { q: {}, u: { $set: { a: 1 } }, collation: {} },
    ]) {
      expect((await failure(db.command({ update: 'rows', updates: [statement] }))).code).to.equal(9);
    }
    expect(
      (await failure(db.command({ delete: 'rows', deletes: [{ q: {}, limit: 0, hint: 'x' }] }))).code,
    ).to.equal(9);
    expect(await bench().rows.find().toArray()).to.deep.equal([{ _id: 1, a: 1 }]);
  });

  it('mistake 5: a value that nobody keeps to is refused, never ignored', async function () {
    const { db, rows, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    const write = { update: 'rows', updates: [{ q: {}, u: { $set: { a: 2 } } }] };
    const index = (more: object): object => ({
      createIndexes: 'rows',
      indexes: [{ key: { a: 1 }, name: 'a', ...more }],
    });
    const cases: readonly (readonly [number, object])[] = [
      [9, { ...write, maxTimeMS: 5 }],
      [9, { ...index({}), maxTimeMS: 5 }],
      [9, { getMore: Long.fromNumber(1), collection: 'rows', maxTimeMS: 5 }],
      [2, { find: 'rows', maxTimeMS: -1 }],
      [14, { find: 'rows', maxTimeMS: 'soon' }],
      [9, { find: 'rows', noCursorTimeout: true }],
      [9, { ...write, writeConcern: { w: 9 } }],
      [9, { ...write, writeConcern: { w: 'dc2' } }],
      [9, { ...write, writeConcern: { w: 1, fsync: true } }],
      [14, { ...write, writeConcern: { j: 'yes' } }],
      [9, { find: 'rows', readConcern: { level: 'snapshot' } }],
      [9, { find: 'rows', readConcern: { level: 'linearizable' } }],
      [9, { find: 'rows', readConcern: { level: 'nobody' } }],
      [9, { find: 'rows', readConcern: { level: 'local', atClusterTime: new Timestamp({ t: 1, i: 1 }) } }],
      [9, { find: 'rows', lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1) }],
      [9, { ping: 1, apiVersion: '77' }],
      [9, { aggregate: 'rows', pipeline: [], cursor: { batch: 1 } }],
      [9, { listIndexes: 'rows', cursor: { batchSize: 1 } }],
      [9, { listCollections: 1, cursor: { batchSize: 1 } }],
      [67, index({ v: 7 })],
      [67, index({ v: 1 })],
      [67, index({ key: { a: 2 } })],
      [67, index({ key: { 'a.0': 1 } })],
      [67, index({ key: { b: 1, 'a.0.x': 1 } })],
      [9, index({ ns: 'a.rows' })],
      [14, index({ background: 'x' })],
      [14, index({ unique: 'yes' })],
      [9, { explain: { find: 'rows' }, verbosity: 'everything' }],
      [16, { explain: { ...write, updates: [...write.updates, ...write.updates] } }],
      [9, { findAndModify: 'rows', remove: true, arrayFilters: [{ x: 1 }] }],
    ];
    for (const [code, command] of cases)
      expect((await failure(db.command(command))).code, JSON.stringify(command)).to.equal(code);
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, a: 1 }]);
    expect(await rows.indexes()).to.have.length(1);
  });

  it('O1 values that a single member keeps to are taken, as drivers send them', async () => {
    const { db } = bench();
    for (const w of ['majority', 1, 0]) {
      const writeConcern = { w, j: true, wtimeout: 100 };
      await db.command({
        insert: 'rows',
        documents: [{ w }],
        writeConcern,
        comment: { a: 1 },
        apiVersion: '1',
      });
    }
    for (const level of ['local', 'available', 'majority']) {
      const command = {
        count: 'rows',
        readConcern: { level },
        maxTimeMS: 10_000,
        $readPreference: { mode: 'nearest' },
      };
      expect((await db.command(command))['n']).to.equal(4);
    }
  });

  it('O1 a transaction is refused and changes nothing', async function () {
    const { rows, client, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    const session = client.startSession();
    session.startTransaction();
    const error = await failure(rows.insertOne({ _id: 2 }, { session }));
    expect(error.code).to.be.oneOf([9, 20]);
    await session.abortTransaction().catch(() => undefined);
    await session.endSession();
    expect(await rows.countDocuments()).to.equal(1);
  });

  it('O1 wrong types and names of collections are refused with their codes', async () => {
    const { db } = bench();
    expect((await failure(db.command({ find: 5 }))).code).to.be.oneOf([73, 2, 14]);
    expect((await failure(db.command({ find: 'rows', filter: 1 }))).code).to.equal(14);
    expect((await failure(db.command({ find: 'rows', limit: -1 }))).code).to.be.oneOf([2, 51024]);
    expect((await failure(db.command({ find: 'rows', sort: { a: 2 } }))).code).to.be.oneOf([2, 15975]);
    expect((await failure(db.command({ delete: 'rows', deletes: [{ q: {} }] }))).code).to.be.oneOf([
      40414, 9,
    ]);
  });

  it('O1 a filter, update or limit that is null is missing (40414), never everything', async () => {
    const { db, rows } = bench();
    await rows.insertOne({ _id: 2 });
    const commands = [
      { delete: 'rows', deletes: [{ q: null, limit: 0 }] },
      { delete: 'rows', deletes: [{ q: {}, limit: null }] },
      { update: 'rows', updates: [{ q: null, u: { $set: { z: 1 } }, multi: true }] },
      { update: 'rows', updates: [{ q: {}, u: null, multi: true }] },
    ];
    for (const command of commands)
      expect((await failure(db.command(command))).code, JSON.stringify(command)).to.be.oneOf([40414, 9]);
    expect((await failure(rows.deleteMany(null as unknown as object))).code).to.equal(40414);
    expect(await rows.find().sort({ _id: 1 }).toArray()).to.deep.equal([{ _id: 1, a: 1 }, { _id: 2 }]);
  });

  it('O1 maxTimeMS ends a long read (50)', async function () {
    const { rows, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    await rows.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(50) })));
    expect((await failure(rows.find({ text: 'never' }).maxTimeMS(1).toArray())).code).to.equal(50);
  });

  it('O1 the commands of shells answer', async () => {
    const { db, client } = bench();
    const admin = client.db('admin');
    expect((await admin.command({ ping: 1 }))['ok']).to.equal(1);
    expect((await admin.command({ buildInfo: 1 }))['version']).to.match(/^\d+\.\d+/);
    expect((await admin.command({ listDatabases: 1, nameOnly: true }))['databases']).to.deep.include({
      name: db.databaseName,
    });
    expect((await admin.command({ connectionStatus: 1 }))['ok']).to.equal(1);
    expect((await admin.command({ hostInfo: 1 }))['ok']).to.equal(1);
    expect((await admin.command({ getParameter: 1, featureCompatibilityVersion: 1 }))['ok']).to.equal(1);
    expect((await admin.command({ hello: 1 }))['isWritablePrimary']).to.equal(true);
  });
});
