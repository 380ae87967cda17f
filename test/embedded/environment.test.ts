import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CommandError } from '../../src/embedded/errors.js';
import { Environment } from '../../src/embedded/storage/environment.js';
import { Place } from './place.js';

const run = promisify(execFile);

type Row = { _id: number; n: number };

describe('O1 the transactions of the embedded store', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  it('O1 of writes that share one, only the guilty fails: what it wrote is taken back, the rest is written', async () => {
    const env = new Environment(join(place.directory, 'env'));
    let given = 0;
    env.onTransaction({
      beforeCommit: () => undefined,
      afterCommit: () => undefined,
      afterAbort: () => (given += 1),
    });
    const put = (name: string) => env.write(() => env.put(Buffer.from(name), Buffer.from('x')));
    const outcomes = await Promise.allSettled([
      put('a'),
      env.write(() => {
        env.put(Buffer.from('b'), Buffer.from('x'));
        throw new TypeError('broken');
      }),
      env.write(() => {
        throw new CommandError(11000, 'known');
      }),
      put('c'),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(
      outcomes.map((one) => (one.status === 'rejected' ? (one.reason as CommandError).code : 0)),
    ).to.deep.equal([0, 1, 11000, 0]);
    const there = ['a', 'b', 'c'].map((name) => env.get(Buffer.from(name))?.toString());
    expect(there).to.deep.equal(['x', undefined, 'x']);
    expect(given).to.equal(2);
    await env.close();
  });

  it('O1 a write is read by whoever asks after its answer, and the next gathers what came during its flush', async () => {
    const env = new Environment(join(place.directory, 'env'));
    let commits = 0;
    env.onTransaction({
      beforeCommit: () => (commits += 1),
      afterCommit: () => undefined,
      afterAbort: () => undefined,
    });
    const key = Buffer.from('key');
    const first = env.write(() => env.put(key, Buffer.from('0')));
    // The first transaction takes what is there when it begins; these come one by one while it is flushed, or after.
    const others = Array.from({ length: 200 }, async (_, n) => {
      await first;
      await env.write(() => env.put(Buffer.from(`${n}`), Buffer.from('x')));
      return env.get(Buffer.from(`${n}`))?.toString();
    });
    expect(new Set(await Promise.all(others))).to.deep.equal(new Set(['x']));
    expect(commits).to.be.at.most(10);
    await env.close();
  });

  it('O1 O3 a full disk refuses what adds, loses nothing and ends nothing', async () => {
    const child = fileURLToPath(new URL('./full-disk.ts', import.meta.url));
    // A limit on the size of files (in KiB) is the full disk that needs no rights; LMDB calls it an I/O error, which is code 1.
    const command = 'ulimit -f 6000; exec "$0" --import tsx "$1" "$2"';
    const { stdout } = await run('bash', ['-c', command, process.execPath, child, place.directory]);
    const seen = JSON.parse(stdout) as {
      written: number[];
      refusal: unknown;
      together: unknown[];
      found: number[];
    };
    expect(seen.written.length).to.be.greaterThan(20);
    expect(seen.refusal).to.equal(1);
    expect(seen.together).to.deep.equal([1, 1, 1]);
    expect(seen.found).to.deep.equal(seen.written);
  });

  it('O1 an index that is being made is read only when its entries are there', async () => {
    const client = await place.connect((await place.open()).url);
    const rows = client.db('a').collection<Row>('rows');
    await rows.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n, n: n % 3 })));
    for (let round = 0; round < 20; round++) {
      const made = rows.createIndex({ n: 1 }, {}, {});
      const counts = await Promise.all(
        Array.from({ length: 20 }, async () => (await rows.find({ n: 1 }).toArray()).length),
      );
      await made;
      expect(new Set(counts)).to.deep.equal(new Set([100]));
      await rows.dropIndex('n_1');
    }
  });
});
