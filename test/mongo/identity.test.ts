import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { MongoClient, type Db } from 'mongodb';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { dumpOrder } from '../../src/mongo/dump-order.js';
import { createIdentity } from '../../src/mongo/identity.js';
import { refuseUnlessEmpty } from '../../src/mongo/restore-mark.js';
import { scratchDirectory } from '../support/scratch.js';

describe('mongo: what tells an installation from every other one', () => {
  const directory = scratchDirectory();
  let embedded: EmbeddedStore;
  let client: MongoClient;
  before(async () => {
    embedded = await openEmbeddedStore({ directory });
    client = new MongoClient(embedded.url);
  });
  after(async () => {
    await client.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const idOf = (db: Db) => createIdentity(db).id();

  it('O1 is the same for all of its processes, also for those that ask first at the same time, and for no other', async () => {
    const [one, other] = [client.db('one'), client.db('other')];
    const asked = await Promise.all(Array.from({ length: 20 }, () => idOf(one)));
    expect(new Set(asked)).to.have.property('size', 1);
    expect(asked).to.include(await idOf(one));
    expect(asked).not.to.include(await idOf(other));
  });

  it('O4 is in no backup, since a copy is another installation, and a database that holds nothing else counts as empty', async () => {
    const db = client.db('fresh');
    await idOf(db);
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    expect(names).to.deep.equal(['identity']);
    expect(dumpOrder(names, { sessions: true })).to.deep.equal([]);
    // Throws if it counted for something.
    await refuseUnlessEmpty(db, 0);
  });
});
