import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import type { Connected } from '../../src/mongo/connect.js';
import { createLeases } from '../../src/mongo/leases.js';
import { missingIndexes } from '../../src/mongo/indexes.js';
import { migrate } from '../../src/mongo/migrate.js';
import { migrations, restoreMark, type Migration, type MigrationRow } from '../../src/mongo/migrations.js';
import { openStore } from '../../src/mongo/open.js';
import { scratchDirectory } from '../support/scratch.js';
import { Databases } from './copy.js';

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );

describe('Migrations', function () {
  this.timeout(30_000);
  let directory: string;
  let embedded: EmbeddedStore;
  let databases: Databases;
  let database: Connected;
  let count = 0;
  before(async () => {
    directory = scratchDirectory();
    embedded = await openEmbeddedStore({ directory });
    databases = new Databases(embedded.url);
  });
  beforeEach(async () => {
    database = await databases.open(`migrations-${++count}`);
  });
  after(async () => {
    await databases.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const rows = () => database.db.collection<MigrationRow>('migrations');
  const names = async () => (await rows().find({}).sort({ _id: 1 }).toArray()).map((row) => row._id);

  /** Steps that note when they run; each takes a few round trips. */
  function noted(log: string[], ...steps: string[]): Migration[] {
    return steps.map((name) => ({
      name,
      run: async (db) => {
        log.push(`${name} begins`);
        for (let look = 0; look < 5; look++) await db.command({ ping: 1 });
        log.push(`${name} ends`);
      },
    }));
  }

  it('O3 T1 the former topics of a dialog are named with their group', async () => {
    await migrate(database.db, undefined, migrations.slice(0, 2));
    const dialogs = database.db.collection<{ _id: string }>('dialogs');
    await dialogs.createIndexes([{ name: 'former', key: { group: 1, formerTopics: 1 } }]);
    await dialogs.insertMany([
      { _id: 'one', group: 'channel:5', formerTopics: [7, 8] } as never,
      { _id: 'two', group: 'channel:5' } as never,
    ]);
    await migrate(database.db);
    expect(await dialogs.find({}).sort({ _id: 1 }).toArray()).to.deep.equal([
      { _id: 'one', group: 'channel:5', formerPlaces: ['channel:5/7', 'channel:5/8'] },
      { _id: 'two', group: 'channel:5' },
    ]);
    expect((await dialogs.listIndexes().toArray()).map(({ name }) => String(name))).not.to.include('former');
  });

  it('O3 an index of an earlier version that another one replaces is dropped', async () => {
    const deliveries = database.db.collection('deliveries');
    await deliveries.createIndexes([{ name: 'lane', key: { lane: 1, order: 1 } }]);
    await migrate(database.db);
    const left = (await deliveries.listIndexes().toArray()).map(({ name }) => String(name));
    expect(left).to.include('head').and.not.include('lane');
  });

  it('O3 an empty database goes through every step once, in order; the next start has nothing to do', async () => {
    expect(await migrate(database.db)).to.deep.equal(migrations.map(({ name }) => name));
    expect(await missingIndexes(database.db)).to.deep.equal([]);
    expect(await migrate(database.db)).to.deep.equal([]);
    expect(await names()).to.deep.equal(migrations.map(({ name }) => name).toSorted());
  });

  it('O3 of several processes that start at once one runs the steps, and all of them come up', async () => {
    const log: string[] = [];
    const list = noted(log, 'a', 'b');
    const done = await Promise.all([1, 2, 3].map(() => migrate(database.db, undefined, list)));
    expect(done.toSorted((a, b) => b.length - a.length)).to.deep.equal([['a', 'b'], [], []]);
    expect(log).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('O3 a step that fails is not noted as done, and is run again with those behind it', async () => {
    const log: string[] = [];
    const [a, b, c] = noted(log, 'a', 'b', 'c') as [Migration, Migration, Migration];
    const failing = { ...b, run: () => Promise.reject(new Error('killed')) };
    expect(await codeOf(migrate(database.db, undefined, [a, failing, c]))).to.equal('Error: killed');
    expect(await names()).to.deep.equal(['a']);
    expect(await migrate(database.db, undefined, [a, b, c])).to.deep.equal(['b', 'c']);
  });

  it('C6 a process that died in a step is followed by another one when its lease has run out, not before', async () => {
    const time = { at: 0, now: () => time.at, sleep: async (ms: number) => void (time.at += ms) };
    await createLeases(database.db).take('migrations', 'dead', 15_000, 0);
    const log: string[] = [];
    const list = noted(log, 'a').map((step) => ({
      ...step,
      run: async () => void log.push(`ran at ${time.at}`),
    }));
    expect(await migrate(database.db, time, list)).to.deep.equal(['a']);
    expect(log).to.deep.equal(['ran at 15000']);
  });

  it('O4 a stop that is asked for while a start waits for another process’s steps is heard', async () => {
    await createLeases(database.db).take('migrations', 'other', 3600_000, Date.now());
    const stop = new AbortController();
    const opening = openStore(embedded.url, `migrations-${count}`, stop.signal).catch(
      (error: unknown) => error,
    );
    stop.abort();
    expect(await opening).to.equal(stop.signal.reason);
    expect(await names()).to.deep.equal([]);
  });

  it('C6 a step longer than the lease keeps it; one whose lease is lost all the same is not noted', async () => {
    const lease = () =>
      database.db.collection<{ _id: string; until: number }>('leases').findOne({ _id: 'migrations' });
    let until = 0;
    const time = { at: 0, now: () => time.at, sleep: async (ms: number) => void (time.at += ms) };
    const long: Migration = {
      name: 'long',
      run: async () => {
        while (time.at < 60_000) until = (await lease())?.until ?? 0;
      },
    };
    expect(await migrate(database.db, time, [long])).to.deep.equal(['long']);
    expect(until).to.be.above(55_000);
    const robbed: Migration = {
      name: 'robbed',
      run: async (db) => {
        await db
          .collection<{ _id: string; holder: string }>('leases')
          .updateOne({ _id: 'migrations' }, { $set: { holder: 'other' } });
      },
    };
    expect(await codeOf(migrate(database.db, time, [long, robbed]))).to.equal('STALE_FENCE');
    expect(await names()).to.deep.equal(['long']);
  });

  it('O3 a database that a newer version has been at is refused, and one that a restore has left half-way', async () => {
    await (await openStore(embedded.url, `migrations-${count}`)).close();
    await rows().insertOne({ _id: '0999-from-the-future', at: new Date(0) });
    expect(await codeOf(openStore(embedded.url, `migrations-${count}`))).to.equal('VERSION_TOO_OLD');
    await rows().deleteOne({ _id: '0999-from-the-future' });
    await rows().insertOne({ _id: restoreMark, at: new Date(0) });
    expect(await codeOf(openStore(embedded.url, `migrations-${count}`))).to.equal('RESTORE_UNFINISHED');
  });

  it('O3 an index that is gone or is another one is told by name', async () => {
    expect(await missingIndexes(database.db))
      .to.include('journal.unrouted')
      .and.to.include('messages.post');
    await migrate(database.db);
    await database.db.collection('messages').dropIndex('post');
    expect(await missingIndexes(database.db)).to.deep.equal(['messages.post']);
    await database.db.collection('messages').createIndexes([{ key: { group: 1, postId: 1 }, name: 'post' }]);
    expect(await missingIndexes(database.db)).to.deep.equal(['messages.post']);
  });
});
