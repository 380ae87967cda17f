import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { joinEmbeddedStore } from '../../src/embedded/index.js';
import { Place } from './place.js';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Lets a process write until `wanted` writes are acknowledged, looks at it once with `meanwhile`, then kills it -9. */
async function killedWriter(
  directory: string,
  wanted: number,
  meanwhile = async (): Promise<void> => undefined,
): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', child, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(writer, 'exit');
  let text = '';
  writer.stdout.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    void gone.then(() => reject(new Error('the writer ended by itself')));
    writer.stdout.on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > wanted) resolve();
    });
  });
  await meanwhile();
  writer.kill('SIGKILL');
  await gone;
  // The last line may be cut; a write whose line is whole was acknowledged.
  return text.split('\n').slice(1, -1);
}

describe('O1 the embedded store through crashes', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  it('O1 after kill -9 under 20 writers every acknowledged write is there, and the indexes agree with the documents', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) acknowledged.push(...(await killedWriter(place.directory, 300)));
    const client = await place.connect((await place.open()).url);
    const rows = client.db('crash').collection<{ _id: string; n: number }>('rows');
    const stored = new Set((await rows.find().toArray()).map((row) => row._id));
    expect(acknowledged.length).to.be.greaterThan(500);
    expect(acknowledged.filter((id) => !stored.has(id))).to.deep.equal([]);
    expect(await rows.estimatedDocumentCount()).to.equal(stored.size);
    expect(
      await rows
        .find({ n: { $gte: 0 } })
        .sort({ n: 1 })
        .toArray(),
    ).to.have.length(stored.size);
  });

  it('mistake 9: while a process lives its directory is in use and can be joined; once it is killed it is taken over', async () => {
    await killedWriter(place.directory, 20, async () => {
      const refusal = await place.open().catch((error: unknown) => error);
      expect(refusal).to.include({ code: 'DIRECTORY_IN_USE' });
      const joined = await joinEmbeddedStore(place.directory);
      const client = await place.connect(joined?.url ?? '');
      expect(await client.db('crash').collection('rows').countDocuments()).to.be.greaterThan(0);
    });
    expect(await joinEmbeddedStore(place.directory)).to.equal(undefined);
    const client = await place.connect((await place.open()).url);
    expect(await client.db('crash').collection('rows').countDocuments()).to.be.greaterThan(0);
  });
});
