import { expect } from 'chai';
import { Long, type Document } from 'mongodb';
import { failure, onEachStore } from './target.js';

onEachStore('O1 retryable writes', (bench) => {
  // Far above the numbers that the driver gives out by itself.
  let txnNumber = 1000;

  /** One write sent twice with the same session and number, as a driver does after a broken connection. */
  async function twice(command: Document): Promise<Document[]> {
    const { db, client } = bench();
    const session = client.startSession();
    try {
      // Sessions come from a pool, so a number must not come again.
      const numbered = { ...command, txnNumber: Long.fromNumber(++txnNumber) };
      return [await db.command(numbered, { session }), await db.command(numbered, { session })];
    } finally {
      await session.endSession();
    }
  }

  it('O1 a repeated insert, update, delete and findAndModify apply once and answer the same', async function () {
    const { rows, isEmbedded } = bench();
    // Real servers add clock fields to answers, and they are not the same twice.
    if (!isEmbedded) this.skip();
    const commands = [
      {
        insert: 'rows',
        documents: [
          { _id: 1, n: 0 },
          { _id: 2, n: 0 },
        ],
      },
      { update: 'rows', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      { findAndModify: 'rows', query: { _id: 2 }, update: { $inc: { n: 1 } }, new: true },
      { delete: 'rows', deletes: [{ q: { _id: 2 }, limit: 1 }] },
    ];
    for (const command of commands) {
      const [first, second] = await twice(command);
      expect({ ...second }, JSON.stringify(command)).to.deep.equal({ ...first });
      expect(first?.['writeErrors']).to.equal(undefined);
    }
    expect(await rows.find().toArray()).to.deep.equal([{ _id: 1, n: 1 }]);
  });

  it('O1 a repeated failing insert fails the same way', async function () {
    const { db, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    await db.command({ insert: 'rows', documents: [{ _id: 1 }] });
    const [first, second] = await twice({
      insert: 'rows',
      documents: [{ _id: 1 }, { _id: 5 }],
      ordered: false,
    });
    expect(first?.['writeErrors']).to.deep.equal(second?.['writeErrors']);
    expect(second?.['n']).to.equal(1);
  });

  it('O1 a number below the last one of its session is refused (225)', async function () {
    const { db, client, isEmbedded } = bench();
    if (!isEmbedded) this.skip();
    const session = client.startSession();
    const send = (n: number) =>
      db.command({ insert: 'rows', documents: [{ n }], txnNumber: Long.fromNumber(n) }, { session });
    expect((await send(5005))['n']).to.equal(1);
    expect((await failure(send(5004))).code).to.equal(225);
    await session.endSession();
  });
});
