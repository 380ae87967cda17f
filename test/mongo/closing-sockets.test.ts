/** A database that goes away closes its sockets; the driver must notice also in the moment between a socket's end and its `close`. */

import net, { type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { expect } from 'chai';
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
});

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
