import { expect } from 'chai';
import {
  Binary,
  type Document,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { failure, onEachStore } from './target.js';

onEachStore('O1 insert', (bench) => {
  it('O1 gives a document an ObjectId of its own and puts it first', async () => {
    const { rows } = bench();
    const { insertedId } = await rows.insertOne({ name: 'a' });
    const found = await rows.findOne({ name: 'a' });
    expect(insertedId).to.be.instanceOf(ObjectId);
    expect(Object.keys(found ?? {})).to.deep.equal(['_id', 'name']);
  });

  it('O1 takes null, zero and a document as _id, and refuses the same number in another type', async () => {
    const { rows, db } = bench();
    // The driver itself replaces a null _id in insertOne.
    await db.command({
      insert: 'rows',
      documents: [null, 0, { a: 1 }, '', false].map((_id) => ({ _id, of: 1 })),
    });
    expect((await failure(rows.insertOne({ _id: new Double(0) }))).code).to.equal(11000);
    expect((await failure(rows.insertOne({ _id: Long.fromNumber(0) }))).code).to.equal(11000);
    expect(await rows.findOne({ _id: null, of: 1 })).to.deep.equal({ _id: null, of: 1 });
  });

  it('mistake 7: refuses an array as _id, an empty insert and a document over 16 MB, and makes no collection for them', async () => {
    const { rows, db } = bench();
    expect((await failure(rows.insertOne({ _id: [1] }))).code).to.equal(53);
    expect((await failure(db.command({ insert: 'rows', documents: [] }))).code).to.equal(16);
    const large = { _id: 1, parts: Array.from({ length: 2 }, () => 'x'.repeat(8.4 * 1024 * 1024)) };
    const { writeErrors } = await db.command({ insert: 'rows', documents: [large] });
    expect((writeErrors as Document[])[0]?.['code']).to.be.oneOf([10334, 2]);
    expect(await rows.countDocuments()).to.equal(0);
  });

  it('O1 a decimal is refused wherever it stands: in a document, an update, a filter', async function () {
    const { rows, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    const decimal = Decimal128.fromString('0.1');
    await rows.insertOne({ _id: 1, a: 0.1 });
    for (const attempt of [
      () => rows.insertOne({ _id: 2, a: [{ decimal }] }),
      () => rows.updateOne({ _id: 1 }, { $inc: { a: decimal } }),
      () => rows.findOne({ a: decimal }),
    ])
      expect((await failure(attempt())).code).to.equal(9);
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, a: 0.1 }]);
  });

  it('O1 gives every BSON type back as it came, but for decimals', async () => {
    const { rows } = bench();
    const document = {
      _id: new ObjectId(),
      int: new Int32(7),
      double: new Double(7),
      long: Long.fromString('9007199254740993'),
      text: 'ü\u{1f600}\0end',
      binary: new Binary(Buffer.from([0, 1, 255]), 5),
      stamp: new Timestamp({ t: 4294967295, i: 2 }),
      date: new Date(-1),
      nothing: null,
      no: false,
      list: [1, [2, {}], []],
      least: new MinKey(),
      most: new MaxKey(),
      nested: { b: { c: 1 }, '10': 1, '9': 2 },
    };
    await rows.insertOne(document);
    await rows.updateOne({}, { $set: { touched: true } });
    const raw = { promoteValues: false, promoteLongs: false, bsonRegExp: true };
    const found = await rows.findOne({}, raw);
    expect(found).to.deep.include({
      long: document.long,
      double: document.double,
      int: document.int,
    });
    expect(await rows.findOne({ long: document.long, text: document.text })).to.not.equal(null);
    expect(found?.['binary']).to.deep.equal(document.binary);
    expect(found?.['stamp']).to.deep.equal(document.stamp);
  });

  it('O1 keeps the order of fields whose names are numbers, also through an update', async () => {
    const { rows, db } = bench();
    const fields = new Map<string, unknown>([
      ['_id', 1],
      [
        'hours',
        new Map([
          ['10', 1],
          ['9', 1],
        ]),
      ],
    ]);
    await db.command({ insert: 'rows', documents: [fields] });
    await rows.updateOne({ _id: 1 }, { $inc: { 'hours.9': 1 } });
    const raw = await rows.findOne({ _id: 1 }, { raw: true });
    const text = Buffer.from(raw as unknown as Uint8Array).toString('latin1');
    expect(text.indexOf('\x10' + '10\0')).to.be.lessThan(text.indexOf('\x10' + '9\0'));
  });
});
