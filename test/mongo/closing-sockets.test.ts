/** A database that goes away closes its sockets; the driver must notice also in the moment between a socket's end and its `close`. */

import net, { type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { MongoNetworkError } from 'mongodb';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { connectDatabase, type Connected } from '../../src/mongo/connect.js';
import { scratchDirectory } from '../support/scratch.js';

describe('mongo: closing sockets', () => {
  const directory = scratchDirectory();
  const dial = net.createConnection;
  let sockets: Socket[];
  let embedded: EmbeddedStore;
  let connected: Connected;

  before(async () => {
    embedded = await openEmbeddedStore({ directory });
    const { host, port } = await embedded.listen('127.0.0.1', 0);
    sockets = [];
    // The driver's own sockets: it calls this function of the module.
    net.createConnection = ((...args: Parameters<typeof dial>) => {
      const socket = dial(...args);
      sockets.push(socket);
      return socket;
    }) as typeof dial;
    connected = await connectDatabase(`mongodb://${host}:${port}/understudy?directConnection=true`);
    await connected.db.command({ ping: 1 });
  });
  after(async () => {
    net.createConnection = dial;
    await connected.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('M1 a command on a socket that has just been destroyed ends, and the next one finds the database', async () => {
    expect(sockets.length).to.be.greaterThan(1);
    for (const socket of sockets) socket.destroy();
    const first = connected.db.collection('any').findOne({ _id: 'x' as never });
    expect(await outcome(first)).to.be.oneOf(['done', 'refused']);
    expect(await outcome(connected.db.command({ ping: 1 }))).to.equal('done');
  });

  it('M1 a command written to a socket that the server has just closed is repeated on another one, a read like a write', async () => {
    const rows = connected.db.collection<{ _id: number }>('repeated');
    for (const ask of [() => rows.insertOne({ _id: 1 }), () => rows.findOne({ _id: 1 })]) {
      await connected.db.command({ ping: 1 });
      const broken = breakWrites(sockets);
      await ask();
      expect(broken()).to.equal(1);
    }
    expect(await rows.countDocuments({})).to.equal(1);
  });

  it('M1 a document that cannot be written at all is not taken for a closed socket', async () => {
    const tooLarge = { _id: 'x' as never, text: 'x'.repeat(17 * 1024 * 1024) };
    const refusal: unknown = await connected.db
      .collection('any')
      .insertOne(tooLarge)
      .catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Error).and.not.instanceOf(MongoNetworkError);
  });
});

/** The next command meets a socket that is as the kernel leaves it when the server has closed it. Answers how many did. */
function breakWrites(sockets: readonly Socket[]): () => number {
  let broken = 0;
  for (const socket of sockets) {
    const write: (bytes: Uint8Array) => boolean = socket.write.bind(socket);
    socket.write = (bytes: Uint8Array) => {
      if (broken > 0 || /\b(hello|ismaster)\b/.test(Buffer.from(bytes).toString('latin1', 16, 60)))
        return write(bytes);
      broken += 1;
      socket.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }));
      return false;
    };
  }
  return () => broken;
}

async function outcome(work: Promise<unknown>): Promise<'done' | 'refused' | 'hangs'> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<'hangs'>((resolve) => (timer = setTimeout(resolve, 12_000, 'hangs')));
  const ended = work.then(
    () => 'done' as const,
    () => 'refused' as const,
  );
  const how = await Promise.race([ended, hangs]);
  clearTimeout(timer);
  return how;
}
