import { expect } from 'chai';
import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { joinEmbeddedStore } from '../../src/embedded/index.js';
import { Place } from './place.js';

type Row = { _id: number; text?: string; n?: number };

describe('O1 the embedded store as a neighbour', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  it('O1 keeps its directory 0700 and its socket 0600, and gives the lock back when it closes', async () => {
    const directory = join(place.directory, 'deep', 'data');
    const store = await place.open({ directory });
    expect((await stat(directory)).mode & 0o777).to.equal(0o700);
    expect((await stat(join(directory, 'store.sock'))).mode & 0o777).to.equal(0o600);
    expect(await joinEmbeddedStore(directory)).to.deep.equal({ url: store.url });
    await store.close();
    await store.close();
    expect(await joinEmbeddedStore(directory)).to.equal(undefined);
    expect(
      await access(join(directory, 'lock')).then(
        () => true,
        () => false,
      ),
    ).to.equal(false);
  });

  it('mistake 9: a lock of a dead process, of a reused pid or of half a file is taken over; one of two takers wins', async () => {
    const dead = { pid: 2 ** 22 - 1, started: '1', socket: '/nowhere/store.sock' };
    const reused = { pid: process.pid, started: '1', socket: '/nowhere/store.sock' };
    for (const text of [JSON.stringify(dead), JSON.stringify(reused), '{"pid":']) {
      await writeFile(join(place.directory, 'lock'), text);
      const tries = await Promise.allSettled([place.open(), place.open(), place.open()]);
      const won = tries.filter((one) => one.status === 'fulfilled');
      expect(won, text).to.have.length(1);
      for (const one of tries)
        if (one.status === 'rejected')
          expect(one.reason).to.include({ code: 'DIRECTORY_IN_USE', detail: String(process.pid) });
      await won[0]?.value.close();
    }
  });

  it('mistake 10: a deep data directory puts the socket into a short private one, which goes with the store', async () => {
    const directory = join(place.directory, 'd'.repeat(60), 'e'.repeat(60));
    await mkdir(directory, { recursive: true });
    const store = await place.open({ directory });
    const { socket } = JSON.parse(await readFile(join(directory, 'lock'), 'utf8')) as { socket: string };
    expect(Buffer.byteLength(socket)).to.be.at.most(107);
    expect((await stat(join(socket, '..'))).mode & 0o777).to.equal(0o700);
    const client = await place.connect((await joinEmbeddedStore(directory))?.url ?? '');
    expect((await client.db('a').command({ ping: 1 }))['ok']).to.equal(1);
    await client.close();
    await store.close();
    expect(
      await stat(join(socket, '..')).then(
        () => true,
        () => false,
      ),
    ).to.equal(false);
  });

  it('O1 serves TCP on loopback beside the socket, names the address that was dialled, and refuses other hosts', async () => {
    const store = await place.open();
    const { host, port } = await store.listen('127.0.0.1', 0);
    const client = await place.connect(`mongodb://${host}:${port}/?directConnection=true`);
    expect((await client.db('admin').command({ hello: 1 }))['me']).to.equal(`127.0.0.1:${port}`);
    const refusal = await store.listen('0.0.0.0', 0).catch((error: unknown) => error);
    expect(refusal).to.include({ code: 'CONFIG_INVALID' });
  });

  it('O1 keeps documents, indexes and multikey marks over a restart', async () => {
    const first = await place.open();
    const before = (await place.connect(first.url)).db('a').collection<Row & { tags: string[] }>('rows');
    await before.createIndex({ tags: 1 });
    await before.insertMany([
      { _id: 1, tags: ['a', 'b'] },
      { _id: 2, tags: ['b'] },
    ]);
    await first.close();
    const rows = (await place.connect((await place.open()).url))
      .db('a')
      .collection<Row & { tags: string[] }>('rows');
    expect(await rows.find({ tags: { $in: ['a', 'b'] } }).toArray()).to.have.length(2);
    expect((await rows.indexes()).map((index) => index.name)).to.deep.equal(['_id_', 'tags_1']);
    await rows.insertOne({ _id: 3, tags: [] });
    expect(await rows.countDocuments()).to.equal(3);
  });

  it('O1 in a full store documents that are there may still grow, a little, and new ones are refused, also by an upsert', async () => {
    const client = await place.connect((await place.open({ mapBytes: 100_000 })).url);
    const rows = client.db('a').collection<Row>('rows');
    const refused = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    let _id = 0;
    // To the last byte: as many large rows as go in, then small ones.
    for (const text of ['x'.repeat(1000), 'x'.repeat(100), ''])
      while ((await refused(rows.insertOne({ _id: ++_id, text }))) === undefined);
    const count = await rows.countDocuments();
    const upsert = rows.updateOne({ _id: -1 }, { $set: { n: 1 } }, { upsert: true });
    expect(await refused(upsert)).to.include({ code: 14031 });
    const found = rows.findOneAndUpdate({ _id: -1 }, { $set: { n: 1 } }, { upsert: true });
    expect(await refused(found)).to.include({ code: 14031 });
    expect(await refused(rows.createIndex({ text: 1 }))).to.include({ code: 14031 });
    // The reserve of 2 per cent: a claim is a few fields more in a row.
    for (let n = 1; n <= 10; n++)
      await rows.updateOne({ _id: n }, { $set: { n, text: 'x'.repeat(1000) + 'claimed' } });
    const change = rows.updateOne({ _id: 1 }, { $set: { text: 'y'.repeat(4000) } });
    expect(await refused(change)).to.include({ code: 14031 });
    expect(await rows.countDocuments()).to.equal(count);
    for (let n = 1; n <= 10; n++) await rows.updateOne({ _id: n }, { $set: { text: '' } });
    expect(await refused(rows.insertOne({ _id: 0 }))).to.equal(undefined);
  });

  it('O1 a full store answers 14031, writes nothing by halves, still reads and deletes, and takes writes again after', async () => {
    const client = await place.connect((await place.open({ mapBytes: 100_000 })).url);
    const rows = client.db('a').collection<Row>('rows');
    await rows.createIndex({ n: 1 });
    let _id = 0;
    const insert = () => rows.insertOne({ _id: ++_id, n: _id, text: 'x'.repeat(1000) });
    let refusal: unknown;
    while (!refusal && _id < 1000) await insert().catch((error: unknown) => (refusal = error));
    expect(refusal).to.include({ code: 14031 });
    const stored = await rows.find().toArray();
    expect(stored).to.have.length(_id - 1);
    expect(await rows.countDocuments({ n: { $gte: 0 } })).to.equal(_id - 1);
    expect(
      await rows.updateOne({ _id: 1 }, { $set: { text: 'y'.repeat(5000) } }).catch((error: unknown) => error),
    ).to.include({ code: 14031 });
    await rows.updateOne({ _id: 1 }, { $set: { text: '' } });
    await rows.deleteMany({ n: { $lt: 20 } });
    await insert();
  });

  it('mistake 6: what cannot be answered is answered with an error: an answer over the limit, a document that is no BSON', async () => {
    const client = await place.connect((await place.open()).url);
    const db = client.db('a');
    const parts = Array.from({ length: 4 }, (_, i) => String(i).repeat(14 * 1024 * 1024));
    for (const [_id, text] of parts.entries()) await db.collection<Row>('rows').insertOne({ _id, text });
    const refusal: unknown = await db
      .collection('rows')
      .distinct('text')
      .catch((error: unknown) => error);
    expect(refusal).to.include({ code: 10334 });
    expect((await db.command({ ping: 1 }))['ok']).to.equal(1);
  });

  it('O1 garbage on the socket closes that connection and no other', async () => {
    const store = await place.open();
    const { port } = await store.listen('127.0.0.1', 0);
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed;
    const client = await place.connect(store.url);
    expect((await client.db('a').command({ ping: 1 }))['ok']).to.equal(1);
  });

  it('O1 an aborted start gives the directory back', async () => {
    const stop = new AbortController();
    stop.abort();
    const { openEmbeddedStore } = await import('../../src/embedded/index.js');
    const refusal: unknown = await openEmbeddedStore({
      directory: place.directory,
      signal: stop.signal,
    }).catch((error: unknown) => error);
    expect(refusal).to.include({ name: 'AbortError' });
    await place.open();
  });

  it('O1 a long scan does not hold up others', async () => {
    const client = await place.connect((await place.open()).url);
    const rows = client.db('a').collection<Row>('rows');
    await rows.insertMany(Array.from({ length: 30_000 }, (_, n) => ({ _id: n, n, text: 'x'.repeat(100) })));
    const scanning = { isOn: true };
    const scan = rows.countDocuments({ text: 'never' }).finally(() => (scanning.isOn = false));
    let answered = 0;
    while (scanning.isOn) {
      await rows.findOne({ _id: answered });
      answered++;
    }
    await scan;
    expect(answered).to.be.greaterThan(5);
  });
});
