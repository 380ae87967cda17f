/** A MongoDB that is there and cannot serve for a while: its repositories must say so, and not that something unexpected happened. */

import { expect } from 'chai';
import { asGatewayError } from '../../src/domain/errors.js';
import { noticeOf } from '../../src/flows/plan.js';
import { connectDatabase, type Connected } from '../../src/mongo/connect.js';
import { ensureIndexes } from '../../src/mongo/indexes.js';
import { openStore } from '../../src/mongo/open.js';
import { repositoriesOf } from '../../src/mongo/repositories.js';
import { group, shop } from '../flows/house.js';
import { openScriptedMongod, refused, unconfirmed, type ScriptedMongod } from '../support/scripted-mongod.js';

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (thrown: unknown) => asGatewayError(thrown).code,
  );

const rowOf = (id: string) => {
  const dialog = { id: 'd' as never, connection: shop.id, peer: shop.peer, group };
  return noticeOf({ id, dialog, text: id, lane: id, order: 0, now: 0, source: shop.id });
};

const ofDriver: ReadonlySet<string> = new Set(['hello', 'ismaster', 'ping', 'endSessions']);

describe('mongo: outages', () => {
  let mongod: ScriptedMongod;
  let connected: Connected;
  beforeEach(async () => {
    mongod = await openScriptedMongod();
    connected = await connectDatabase(`mongodb://${mongod.host}/understudy?directConnection=true`);
  });
  afterEach(async () => {
    await connected.close();
    await mongod.close();
  });

  const asked = () => {
    const { deliveries, leases, connections } = repositoriesOf(connected.db, connected.hosts);
    return {
      find: () => connections.list(),
      findAndModify: () => leases.take('name', 'me', 1000, 0),
      update: () => leases.renew('name', 'me', 1, 1000, 0),
      insert: () => deliveries.add([rowOf('one'), rowOf('two')]),
    };
  };

  it('O4 a primary that steps down, shuts down or is none any more is one that cannot be reached', async () => {
    for (const code of [91, 189, 10107, 11600, 11602, 13435, 13436]) {
      mongod.script((command) => (ofDriver.has(command) ? undefined : refused(code)));
      const codes = await Promise.all(Object.values(asked()).map((ask) => codeOf(ask())));
      expect(codes, String(code)).to.deep.equal(Array(4).fill('MONGODB_UNREACHABLE'));
    }
  });

  it('O4 it is so at a start too', async () => {
    mongod.script((command) => (ofDriver.has(command) ? undefined : refused(11600)));
    expect(await codeOf(openStore(`mongodb://${mongod.host}/?directConnection=true`))).to.equal(
      'MONGODB_UNREACHABLE',
    );
  });

  it('M1 a write that no majority confirmed is in doubt like one without an answer', async () => {
    mongod.script((command, asStore) =>
      command === 'find' || ofDriver.has(command) ? undefined : unconfirmed(asStore),
    );
    const { find, ...writes } = asked();
    for (const [what, write] of Object.entries(writes))
      expect(await codeOf(write()), what).to.equal('MONGODB_UNREACHABLE');
    // Rows that are there already and of which the first time is not confirmed either.
    expect(await codeOf(writes.insert())).to.equal('MONGODB_UNREACHABLE');
    expect(await codeOf(find())).to.equal('done');
  });

  it('O4 an index is made as soon as a majority has it, so that a start needs no member that is down', async () => {
    const quorums: unknown[] = [];
    mongod.script((command, _, body) => {
      if (command === 'createIndexes') quorums.push(body.get('commitQuorum'));
      return undefined;
    });
    await ensureIndexes(connected.db);
    expect(new Set(quorums)).to.deep.equal(new Set(['majority']));
  });

  it('O4 what the server refuses for good stays unexpected', async () => {
    mongod.script((command) => (ofDriver.has(command) ? undefined : refused(9)));
    for (const [what, ask] of Object.entries(asked())) expect(await codeOf(ask()), what).to.equal('INTERNAL');
  });
});
