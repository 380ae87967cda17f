import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { MongoClient, type Document } from 'mongodb';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { createFigures } from '../../src/mongo/figures.js';
import { createHoles } from '../../src/mongo/holes.js';
import { ensureIndexes } from '../../src/mongo/indexes.js';
import { scratchDirectory } from '../support/scratch.js';

/** So many rows that are over, beside three that are open. */
const over = 500;

describe('mongo: figures', () => {
  const directory = scratchDirectory();
  let embedded: EmbeddedStore;
  let client: MongoClient;
  const sent: Document[] = [];
  before(async () => {
    embedded = await openEmbeddedStore({ directory });
    client = new MongoClient(embedded.url, { monitorCommands: true });
    client.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'find' || commandName === 'aggregate') sent.push(command);
    });
    const db = client.db('understudy');
    await ensureIndexes(db);
    const rows = Array.from({ length: over + 3 }, (_, n) => ({ n, isOpen: n < 3 }));
    await db.collection('deliveries').insertMany(
      rows.map(({ n, isOpen }) => ({
        lane: `lane-${n}`,
        order: n,
        kind: n === 0 ? 'alert' : 'mirror',
        state: isOpen ? 'queued' : 'sent',
        createdAt: 1000 + n,
        ...(isOpen ? { open: true } : {}),
      })),
    );
    await db.collection('journal').insertMany(
      rows.map(({ n, isOpen }) => ({
        owner: 'c1',
        ord: n,
        receivedAt: n,
        ...(isOpen ? { unrouted: true } : {}),
      })),
    );
    await db.collection('holes').insertMany(
      rows.map(({ n, isOpen }) => ({
        owner: `c${n}`,
        reason: 'denied',
        openedAt: n,
        ...(isOpen ? { open: true, lostAt: 1, news: 'lost' } : {}),
      })),
    );
  });
  after(async () => {
    await client.close();
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('I4 what is open is counted, whatever lies behind', async () => {
    const figures = createFigures(client.db('understudy'));
    await figures.ping();
    expect(await figures.openDeliveries()).to.have.deep.members([
      { kind: 'alert', state: 'queued', count: 1, oldestAt: 1000 },
      { kind: 'mirror', state: 'queued', count: 2, oldestAt: 1001 },
    ]);
    expect(await figures.unrouted()).to.deep.equal([{ owner: 'c1', count: 3, oldestAt: 0 }]);
    const holes = createHoles(client.db('understudy'));
    expect(await holes.countOpen()).to.have.deep.members(
      ['c0', 'c1', 'c2'].map((owner) => ({ owner, count: 1, lost: 1 })),
    );
    expect(await holes.countEver()).to.deep.equal([{ reason: 'denied', count: over + 3 }]);
  });

  it('O3 I4 every figure is read through an index, and no more rows than are open', async () => {
    const db = client.db('understudy');
    sent.length = 0;
    const figures = createFigures(db);
    const holes = createHoles(db);
    await Promise.all([figures.openDeliveries(), figures.unrouted(), holes.untold(100), holes.countOpen()]);
    for (const command of sent.splice(0)) {
      const { lsid: _lsid, $db: _db, txnNumber: _txn, maxTimeMS: _ms, ...bare } = command;
      const explained = await db.command({ explain: bare, verbosity: 'executionStats' });
      const inner = (explained['stages'] as Document[] | undefined)?.[0]?.['$cursor'] as Document | undefined;
      const { executionStats, queryPlanner } = (inner ?? explained) as Record<string, Document>;
      const shape = JSON.stringify(bare);
      expect(JSON.stringify(queryPlanner?.['winningPlan']), shape).to.contain('IXSCAN');
      expect(executionStats?.['totalDocsExamined'], shape).to.be.at.most(3);
    }
  });
});
