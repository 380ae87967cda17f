/** Restores that meet: another one, one that was stopped for long, a gateway, rows. */

import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { asGatewayError } from '../../src/domain/errors.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import type { Connected } from '../../src/mongo/connect.js';
import { decodeRecords, type DumpRecord } from '../../src/mongo/dump-records.js';
import type { Time } from '../../src/mongo/held.js';
import { loadDump } from '../../src/mongo/load.js';
import { openStore } from '../../src/mongo/open.js';
import { createLeases } from '../../src/mongo/leases.js';
import { underRestoreMark } from '../../src/mongo/restore-mark.js';
import { scratchDirectory } from '../support/scratch.js';
import { Databases, dumped, streamOf } from './copy.js';

/** Shut until it is opened. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let resolved = (): void => undefined;
  const opened = new Promise<void>((resolve) => (resolved = resolve));
  return { opened, open: () => resolved() };
}

/** A process that stands still: its time neither goes on nor wakes it. */
const frozenAt = (now: number): Time => ({
  now: () => now,
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
});

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => asGatewayError(error).message,
  );

const underWay =
  /^A restore needs an empty installation, and this one holds a restore that is at work or died less than 15 s ago; /;
const takenOver = /^Another process has taken over the restore; this one stops touching it\.$/;

describe('A restore under its mark', function () {
  this.timeout(30_000);
  let directory: string;
  let embedded: EmbeddedStore;
  let databases: Databases;
  let target: Connected;
  let name: string;
  let count = 0;
  before(async () => {
    directory = scratchDirectory();
    embedded = await openEmbeddedStore({ directory });
    databases = new Databases(embedded.url);
  });
  beforeEach(async () => {
    name = `marked-${++count}`;
    target = await databases.open(name);
  });
  after(async () => {
    await databases.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A dump of one row in each of these collections. */
  async function dumpOf(...collections: string[]): Promise<Buffer[]> {
    const source = await databases.open(`${name}-of-${collections.join('-')}`);
    for (const one of collections) await source.db.collection(one).insertOne({ _id: 1 as never });
    return dumped(source);
  }

  interface Loading {
    readonly time?: Time;
    /** While the archive is looked through. */
    readonly before?: () => Promise<unknown>;
    readonly records?: AsyncIterable<DumpRecord>;
  }

  const load = (
    pieces: readonly Buffer[],
    { time = frozenAt(0), before, records = decodeRecords(streamOf(pieces)) }: Loading = {},
  ) =>
    outcome(
      underRestoreMark(target, { holder: `at ${time.now()}`, time }, async (mark) => {
        await before?.();
        return loadDump(target, mark, records, {
          leaseOf: (owner) => owner,
          onProgress: () => undefined,
          finish: async () => undefined,
        });
      }),
    );

  /** Every record, but before the one with this number, which is told, it waits. */
  async function* halted(pieces: readonly Buffer[], at: number, reached: () => void, go: Promise<void>) {
    let number = 0;
    for await (const record of decodeRecords(streamOf(pieces))) {
      if (number++ === at) {
        reached();
        await go;
      }
      yield record;
    }
  }

  const rowsOf = (collection: string) => target.db.collection(collection).countDocuments({});
  const starts = () => outcome(openStore(embedded.url, name).then((store) => store.close()));

  it('O4 C6 a second one is refused while the first is at work, also while it only looks through its archive; the first ends whole', async () => {
    const pieces = await dumpOf('a', 'b');
    for (const place of ['before', 'records'] as const) {
      const [reached, go] = [gate(), gate()];
      const wait = async () => {
        reached.open();
        await go.opened;
      };
      const first = load(
        pieces,
        place === 'before'
          ? { before: wait }
          : { records: halted(pieces, 3, () => reached.open(), go.opened) },
      );
      await reached.opened;
      expect(await load(pieces, { time: frozenAt(14_999) })).to.match(underWay);
      expect(await starts()).to.match(/^A restore into this installation has not finished/);
      go.open();
      expect(await first).to.equal('done');
      expect([await rowsOf('a'), await rowsOf('b')]).to.deep.equal([1, 1]);
      expect(await starts()).to.equal('done');
      await target.db.dropDatabase();
    }
  });

  it('O4 C6 one that stood still until another took over writes nothing more and does not say that it is done', async () => {
    const [reached, go] = [gate(), gate()];
    const former = await dumpOf('a', 'former');
    const first = load(former, { records: halted(former, 3, () => reached.open(), go.opened) });
    await reached.opened;
    expect(await load(await dumpOf('a', 'b'), { time: frozenAt(15_000) })).to.equal('done');
    go.open();
    expect(await first).to.match(takenOver);
    expect([await rowsOf('a'), await rowsOf('b'), await rowsOf('former')]).to.deep.equal([1, 1, 0]);
    expect(await starts()).to.equal('done');
  });

  it('O4 one that stood still at its last step does not say that it is done while another works, and leaves that one its mark', async () => {
    const [stood, go, reached, end] = [gate(), gate(), gate(), gate()];
    const pieces = await dumpOf('a');
    const first = outcome(
      underRestoreMark(target, { holder: 'first', time: frozenAt(0) }, async (mark) => {
        await mark.begin();
        stood.open();
        await go.opened;
      }),
    );
    await stood.opened;
    const second = load(pieces, {
      time: frozenAt(15_000),
      records: halted(pieces, 1, () => reached.open(), end.opened),
    });
    await reached.opened;
    go.open();
    expect(await first).to.match(takenOver);
    expect(await starts()).to.match(/^A restore into this installation has not finished/);
    end.open();
    expect(await second).to.equal('done');
  });

  it('O4 a gateway, or a row, that came while the archive was looked through is found before anything is written', async () => {
    const pieces = await dumpOf('a');
    const gateway = () => createLeases(target.db).take('process-x', 'x', 15_000, 0);
    const started = load(pieces, { before: gateway });
    expect(await started).to.match(/holds a gateway that is running; /);
    expect(await starts()).to.equal('done');
    const late = frozenAt(60_000);
    const login = () => target.db.collection('connections').insertOne({ _id: 'c1' as never });
    expect(await load(pieces, { time: late, before: login })).to.match(/holds rows in connections; /);
    expect([await rowsOf('connections'), await rowsOf('a')]).to.deep.equal([1, 0]);
    expect(await starts()).to.equal('done');
  });

  it('C6 O4 a gateway that opened its store before the mark stood sees it when it has its lease', async () => {
    const store = await openStore(embedded.url, name);
    try {
      const pieces = await dumpOf('a');
      let seen: string | undefined;
      const loading = load(pieces, {
        before: async () => void (seen = await outcome(store.refuseRestore())),
      });
      expect(await loading).to.equal('done');
      expect(seen).to.match(/^A restore into this installation has not finished/);
      expect(await outcome(store.refuseRestore())).to.equal('done');
    } finally {
      await store.close();
    }
  });

  it('O4 an archive that is refused leaves no mark, and leaves the one of a restore that died half-way', async () => {
    const pieces = await dumpOf('a');
    const refuse = { before: () => Promise.reject(new Error('damaged')) };
    expect(await load(pieces, refuse)).to.match(/^Something unexpected/);
    expect(await starts()).to.equal('done');
    expect(await load(pieces.slice(0, -1))).to.match(/^The archive is damaged/);
    expect(await load(pieces, refuse)).to.match(/^Something unexpected/);
    expect(await starts()).to.match(/^A restore into this installation has not finished/);
    expect(await load(pieces)).to.equal('done');
  });

  it('O4 what died before its first write gives the next one no right to rows that somebody has written', async () => {
    const pieces = await dumpOf('a');
    await createLeases(target.db, 'migrations').take('restore-unfinished', 'dead', 15_000, 0);
    await target.db.collection('connections').insertOne({ _id: 'c1' as never });
    expect(await load(pieces, { time: frozenAt(15_000) })).to.match(/holds rows in connections; /);
    expect(await rowsOf('connections')).to.equal(1);
  });
});
