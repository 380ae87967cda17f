import { expect } from 'chai';
import { MongoServerError, type Document } from 'mongodb';
import { onEachStore, type Bench } from './target.js';

interface Told {
  readonly code: unknown;
  readonly keyPattern: unknown;
  readonly keyValue: unknown;
}

/** The error of a command as a whole or of its first statement. */
async function told({ db }: Bench, command: Document): Promise<Told> {
  const from = ({ code, keyPattern, keyValue }: Document): Told => ({ code, keyPattern, keyValue });
  try {
    const answer = await db.command(command);
    return from((answer['writeErrors'] as Document[] | undefined)?.[0] ?? {});
  } catch (error) {
    if (error instanceof MongoServerError) return from(error);
    throw error;
  }
}

onEachStore('O1 duplicate keys', (bench) => {
  const update = (q: Document, u: Document, more: Document = {}): Document => ({
    update: 'rows',
    updates: [{ q, u, ...more }],
  });
  const modify = (query: Document, change: Document, more: Document = {}): Document => ({
    findAndModify: 'rows',
    query,
    update: change,
    ...more,
  });

  it('O1 are told with keyPattern and keyValue on every write path, and nothing changes', async () => {
    const { rows } = bench();
    await rows.createIndex({ 'a.k': 1, b: -1 }, { unique: true }, {});
    const before = [
      { _id: 1, a: { k: 'x' }, b: 1 },
      { _id: 2, a: { k: 'y' }, b: 1 },
    ];
    await rows.insertMany(before);
    const wanted = { code: 11000, keyPattern: { 'a.k': 1, b: -1 }, keyValue: { 'a.k': 'x', b: 1 } };
    const paths: Document[] = [
      { insert: 'rows', documents: [{ a: { k: 'x' }, b: 1 }] },
      update({ _id: 2 }, { $set: { 'a.k': 'x' } }),
      update({ _id: 2 }, { a: { k: 'x' }, b: 1 }),
      update({ _id: 2 }, { $set: { 'a.k': 'x' } }, { multi: true }),
      update({ _id: 3 }, { $set: { a: { k: 'x' }, b: 1 } }, { upsert: true }),
      update({ 'a.k': 'x', b: 1, c: 1 }, { $set: { d: 1 } }, { upsert: true }),
      update({ _id: 3 }, { a: { k: 'x' }, b: 1 }, { upsert: true }),
      modify({ _id: 2 }, { $set: { 'a.k': 'x' } }),
      modify({ _id: 2 }, { a: { k: 'x' }, b: 1 }),
      modify({ _id: 3 }, { $set: { a: { k: 'x' }, b: 1 } }, { upsert: true }),
    ];
    for (const path of paths) expect(await told(bench(), path), JSON.stringify(path)).to.deep.equal(wanted);
    expect(await rows.find().sort({ _id: 1 }).toArray()).to.deep.equal(before);
  });

  it('O1 of _id are told the same way', async () => {
    const { rows } = bench();
    await rows.insertOne({ _id: 7, a: 1 });
    const wanted = { code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 7 } };
    expect(await told(bench(), { insert: 'rows', documents: [{ _id: 7 }] })).to.deep.equal(wanted);
    expect(await told(bench(), update({ _id: 7, a: 2 }, { $set: { b: 1 } }, { upsert: true }))).to.deep.equal(
      wanted,
    );
    expect(await told(bench(), modify({ _id: 7, a: 2 }, { b: 1 }, { upsert: true }))).to.deep.equal(wanted);
  });

  it('O1 of an index that is being made are told, and the index is not there', async () => {
    const { rows } = bench();
    await rows.insertMany([{ k: 'x' }, { k: 'x' }]);
    const command = { createIndexes: 'rows', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] };
    expect(await told(bench(), command)).to.deep.equal({
      code: 11000,
      keyPattern: { k: 1 },
      keyValue: { k: 'x' },
    });
    expect(await rows.indexes()).to.have.length(1);
  });

  it('O1 of several array elements, the first in the order of the index is named; missing is null', async () => {
    const { rows } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    await rows.insertMany([{ _id: 1, k: [3, 5, 9] }, { _id: 2 }]);
    const insert = (k: unknown): Document => ({ insert: 'rows', documents: [{ _id: 3, k }] });
    expect((await told(bench(), insert([9, 7, 5]))).keyValue).to.deep.equal({ k: 5 });
    expect((await told(bench(), { insert: 'rows', documents: [{ _id: 3 }] })).keyValue).to.deep.equal({
      k: null,
    });
    expect((await told(bench(), insert([1, 1, 2]))).code).to.equal(undefined);
  });

  it('O1 a row may keep and swap its own keys, and a freed key is free', async () => {
    const { rows } = bench();
    await rows.createIndex({ k: 1 }, { unique: true }, {});
    await rows.insertMany([
      { _id: 1, k: [1, 2] },
      { _id: 2, k: 3 },
    ]);
    await rows.updateOne({ _id: 1 }, { $set: { k: [2, 1] } });
    await rows.updateOne({ _id: 1 }, { $set: { k: 2 } });
    await rows.updateOne({ _id: 2 }, { $set: { k: 1 } });
    await rows.deleteOne({ _id: 2 });
    await rows.insertOne({ _id: 3, k: 1 });
    expect(await rows.countDocuments()).to.equal(2);
  });
});
