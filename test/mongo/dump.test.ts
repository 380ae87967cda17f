import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { BSON, type Document } from 'mongodb';
import { GatewayError } from '../../src/domain/errors.js';
import { connectionId, commonBox } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { dumpOrder } from '../../src/mongo/dump-order.js';
import { decodeRecords } from '../../src/mongo/dump-records.js';
import { readDump } from '../../src/mongo/read-dump.js';
import { migrate } from '../../src/mongo/migrate.js';
import { openStore } from '../../src/mongo/open.js';
import { repositoriesOf } from '../../src/mongo/repositories.js';
import { refuseUnlessEmpty } from '../../src/mongo/restore-mark.js';
import { scratchDirectory } from '../support/scratch.js';
import { BusyGateway, expectStartable } from './busy-gateway.js';
import { Databases, dumped, loaded, streamOf } from './copy.js';

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );

/** Numbers in [0, 1), the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('A dump of the database', function () {
  this.timeout(60_000);
  let directory: string;
  let embedded: EmbeddedStore;
  let databases: Databases;
  before(async () => {
    directory = scratchDirectory();
    embedded = await openEmbeddedStore({ directory });
    databases = new Databases(embedded.url);
  });
  after(async () => {
    await databases.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('O4 keeps every document to the byte: each type of number, dates, binaries, nested and empty things', async () => {
    const [source, target] = [await databases.open('types'), await databases.open('types-copy')];
    const documents = [
      {
        _id: 'numbers',
        a: new BSON.Int32(1),
        b: new BSON.Double(1),
        c: BSON.Long.fromNumber(1),
        d: 1.5,
        e: -0,
      },
      { _id: 'large', a: BSON.Long.MAX_VALUE, c: 2 ** 53 },
      { _id: 'things', a: new Date(1), b: Buffer.from('x'), c: new BSON.ObjectId(), d: null, e: true, f: '' },
      { _id: 'nested', a: [], b: {}, c: [{ z: 1, a: [[new BSON.Int32(2)]] }], ü: 'ü' },
      { _id: new BSON.ObjectId() as unknown as string, long: 'x'.repeat(3_000_000) },
      ...Array.from({ length: 1200 }, (_, n) => ({ _id: `many-${n}`, n })),
    ];
    await source.db.collection('anything').insertMany(documents as Document[], { ordered: false });
    await loaded(target, await dumped(source));
    const bytesOf = async (db: typeof source.db) =>
      (await db.collection('anything').find({}, { raw: true }).sort({ _id: 1 }).toArray()).map((one) =>
        Buffer.from(one as unknown as Uint8Array).toString('hex'),
      );
    const copied = await bytesOf(target.db);
    expect(copied).to.have.lengthOf(documents.length);
    expect(copied).to.deep.equal(await bytesOf(source.db));
  });

  it('O4 of a gateway at work is one that a gateway can be started on: nothing counted is missing, nothing sent is forgotten', async () => {
    let seen = 0;
    for (const seed of [1, 2, 3, 4]) {
      const source = await databases.open(`busy-${seed}`);
      await migrate(source.db);
      const gateway = new BusyGateway(source, seeded(seed));
      for (let step = 0; step < 100; step++) await gateway.work();
      const pieces = await dumped(source, {}, async () => {
        for (let step = 0; step < 4; step++) await gateway.work();
      });
      const target = await databases.open(`busy-${seed}-copy`);
      await loaded(target, pieces);
      const { counted, sent } = await expectStartable(target);
      seen += Math.min(counted, sent);
    }
    expect(seen, 'messages that were counted, and sent').to.be.above(20);
  });

  it('C6 after it the next holder has a higher fence than all before, and its rows follow theirs', async () => {
    const [source, target] = [await databases.open('fences'), await databases.open('fences-copy')];
    const owner = connectionId('1');
    const counters = { pts: 1, qts: 0, seq: 0, date: 1, lastMsgId: 0 };
    const { updates } = repositoriesOf(source.db, '');
    await updates.append(owner, 7, []);
    await updates.advance(owner, 7, { common: { from: undefined, to: counters }, channels: [], ord: 0 });
    // Journaled by a later holder, when the counters were read already.
    const row = { _id: 'c1-n-common-5', owner, box: commonBox, ord: 9 * 2 ** 32 + 3, kind: 'new', layer: 1 };
    await source.db.collection('journal').insertOne({ ...row, unrouted: true } as Document);
    await loaded(target, await dumped(source));
    const { leases, updates: restored } = repositoriesOf(target.db, '');
    const lease = await leases.take(`session-${owner}`, 'me', 1000, 0);
    expect(lease?.fence).to.equal(10);
    expect(await codeOf(restored.append(owner, 10, []))).to.equal('done');
    expect((await restored.load(owner))?.ord).to.be.below(10 * 2 ** 32);
  });

  it('V1 leaves the sessions out unless they are asked for, and leases always', async () => {
    const source = await databases.open('sessions');
    const { sessions, leases } = repositoriesOf(source.db, '');
    await sessions.save(connectionId('1'), 'sealed');
    await leases.take('session-c1', 'me', 1000, 0);
    const names = async (wanted: boolean) => {
      const found: string[] = [];
      for await (const record of decodeRecords(streamOf(await dumped(source, { sessions: wanted }))))
        if (record.kind === 'collection') found.push(record.name);
      return found;
    };
    expect(await names(false)).to.deep.equal([]);
    expect(await names(true)).to.deep.equal(['sessions']);
  });

  it('O4 takes collections that are new to it too, behind those whose order matters', () => {
    const there = ['sessions', 'audit', 'journal', 'leases', 'update_state', 'connections', 'system.views'];
    expect(dumpOrder(there, { sessions: true })).to.deep.equal([
      'connections',
      'update_state',
      'journal',
      'audit',
      'sessions',
    ]);
  });

  it('O4 that dies half-way into a database leaves one that nobody starts on, and that it may be loaded into again', async () => {
    const source = await databases.open('half');
    for (const name of ['a', 'b']) await source.db.collection(name).insertOne({ _id: 1 as never });
    const pieces = await dumped(source);
    const target = await databases.open('half-copy');
    const other = await databases.open('half-other');
    await other.db.collection('left').insertOne({ _id: 1 as never });
    const dying = loaded(target, await dumped(other), () => Promise.reject(new Error('killed')));
    expect(await codeOf(dying)).to.equal('Error: killed');
    expect(await codeOf(openStore(embedded.url, 'half-copy'))).to.equal('RESTORE_UNFINISHED');
    expect(await codeOf(dumped(target))).to.equal('RESTORE_UNFINISHED');
    expect(await codeOf(refuseUnlessEmpty(target.db, 0))).to.equal('done');
    await loaded(target, pieces);
    await (await openStore(embedded.url, 'half-copy')).close();
    expect(await target.db.collection('left').countDocuments()).to.equal(0);
    expect(await target.db.collection('b').countDocuments()).to.equal(1);
  });

  it('O4 is loaded only into a database that holds nothing but what every opened one has', async () => {
    const target = await databases.open('in-use');
    await (await openStore(embedded.url, 'in-use')).close();
    expect(await codeOf(refuseUnlessEmpty(target.db, 5))).to.equal('done');
    const { leases, dialogs } = repositoriesOf(target.db, '');
    await leases.take('session-c1', 'somebody', 1000, 0);
    expect(await codeOf(refuseUnlessEmpty(target.db, 5))).to.equal('NOT_EMPTY');
    expect(await codeOf(refuseUnlessEmpty(target.db, 1001))).to.equal('done');
    await dialogs.ensure({ id: 'c1-user-1', topic: { state: 'none' } } as never);
    expect(await codeOf(refuseUnlessEmpty(target.db, 1001))).to.equal('NOT_EMPTY');
  });

  it('O4 is refused when a record is missing, doubled, cut or unknown', async () => {
    const source = await databases.open('records');
    await source.db.collection('a').insertMany([{ _id: 1 as never }, { _id: 2 as never }]);
    const pieces = await dumped(source);
    const outcome = (given: readonly Uint8Array[]) =>
      codeOf(readDump(decodeRecords(streamOf(given)), () => undefined));
    expect(pieces).to.have.lengthOf(5);
    expect(await outcome(pieces)).to.equal('done');
    for (let at = 0; at < pieces.length; at++) {
      expect(await outcome(pieces.toSpliced(at, 1)), `without ${at}`).to.equal('ARCHIVE_DAMAGED');
      expect(await outcome(pieces.toSpliced(at, 0, pieces[at]!)), `${at} twice`).to.equal('ARCHIVE_DAMAGED');
    }
    const whole = Buffer.concat(pieces);
    for (const cut of [1, 7, 40])
      expect(await outcome([whole.subarray(0, -cut)])).to.equal('ARCHIVE_DAMAGED');
    expect(await outcome([...pieces.slice(0, 4), Buffer.from('X\x05\0\0\0\0')])).to.equal('ARCHIVE_DAMAGED');
  });
});
