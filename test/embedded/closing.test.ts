import { serialize } from 'bson';
import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { MongoClient, type Collection } from 'mongodb';
import { endWritesWithTheirSocket } from '../../src/mongo/closed-sockets.js';
import { Place } from './place.js';

interface Row {
  readonly _id: number;
  readonly text?: string;
}

describe('O4 a store that is asked to close', () => {
  let place: Place;
  before(endWritesWithTheirSocket);
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  const writers = 50;

  /** Through a client that sends as many commands side by side and repeats none. */
  async function rowsAt(url: string): Promise<Collection<Row>> {
    const options = { retryWrites: false, retryReads: false, serverSelectionTimeoutMS: 500 };
    const client = await new MongoClient(url, { ...options, minPoolSize: writers }).connect();
    place.onClose(() => client.close());
    const rows = client.db('a').collection<Row>('rows');
    await Promise.all(Array.from({ length: writers }, () => rows.findOne()));
    return rows;
  }

  it('O4 answers the writes that it takes: what is on disk was acknowledged', async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < 4; round++) {
      const store = await place.open();
      const rows = await rowsAt(store.url);
      const inserts = Array.from({ length: writers }, async (_, n) => {
        const _id = round * writers + n;
        await rows.insertOne({ _id });
        acknowledged.add(_id);
      });
      // The first answer comes while the next transaction is under way.
      await Promise.any(inserts);
      await store.close();
      await Promise.allSettled(inserts);
    }
    const stored = await (await rowsAt((await place.open()).url)).find().toArray();
    expect(stored.filter(({ _id }) => !acknowledged.has(_id))).to.deep.equal([]);
    expect(stored).to.have.length(acknowledged.size);
  });

  it('O4 waits some seconds at most for a client that does not read its answers', async () => {
    const store = await place.open();
    const { port } = await store.listen('127.0.0.1', 0);
    await (await rowsAt(store.url)).insertOne({ _id: 1, text: 'x'.repeat(14_000_000) });
    const socket = connect(port, '127.0.0.1');
    place.onClose(async () => socket.destroy());
    socket.on('error', () => undefined);
    socket.write(find({ find: 'rows', $db: 'a' }));
    // The first bytes are there and nobody takes them.
    await once(socket, 'readable');
    const askedAt = performance.now();
    await store.close();
    expect(performance.now() - askedAt).to.be.within(1_000, 15_000);
  });
});

/** An OP_MSG of one document. */
function find(command: object): Buffer {
  const body = serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, body]);
}
