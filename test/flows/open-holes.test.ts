import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { channelBox, commonBox, peerParts, rowId, type Box, type OwnerId } from '../../src/domain/ids.js';
import { alertHoles } from '../../src/flows/open-holes.js';
import type { Job } from '../../src/ports/queue.js';
import type { Hole, JournalRow } from '../../src/ports/updates.js';
import { silentLog } from '../support/silent-log.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { desk, fromClient, group, openHouse, shop, type House } from './house.js';

const noon = Date.UTC(2026, 10, 24, 12);
const groupBox = channelBox(peerParts(group).id);

describe('flows: holes that a team must hear of', () => {
  const clock = new VirtualClock(noon);
  let house: House;
  let jobs: Job[];
  beforeEach(async () => {
    house = await openHouse();
    jobs = [];
    await house.store.connections.put(shop);
  });
  afterEach(() => house.close());

  const sweep = (): Promise<void> =>
    alertHoles({
      store: house.store,
      queue: { add: async (job) => void jobs.push(job) },
      clock,
      log: silentLog,
    });
  const open = async (hole: Hole): Promise<Hole> => {
    await house.store.updates.recordHole(hole.owner, 1, hole);
    return hole;
  };
  const lose = (hole: Hole, at = noon): Promise<void> =>
    house.store.updates.loseHole(hole.owner, 1, hole._id, at);
  const close = (hole: Hole): Promise<void> =>
    house.store.updates.closeHole(hole.owner, 1, hole._id, noon + 60_000);
  /** The alerts so far, by the job that wakes each. */
  const alerts = async (): Promise<Delivery[]> => {
    const rows = await Promise.all(jobs.map(({ id }) => house.store.deliveries.get(id)));
    return rows.flatMap((row) => (row === undefined ? [] : [row]));
  };
  const texts = async (): Promise<string[]> =>
    (await alerts()).map(({ parts }) => parts[0]?.content.text.text ?? '');

  it('C5 a hole that nothing will fetch stands in General once: whose, from when to when, why and what to do', async () => {
    await house.store.updates.append(shop.id, 1, [lastKnown(7)]);
    await lose(await open(holeOf(shop.id, commonBox, { afterMsgId: 7 })));
    await sweep();
    await sweep();
    const [alert, ...more] = await alerts();
    expect(more).to.deep.equal([]);
    expect(alert).to.include({ kind: 'alert', group, state: 'queued' });
    const [text] = await texts();
    expect(text).to.match(/^⚠️ Shop: messages of clients may be missing\.\n/);
    expect(text).to.contain(
      'Telegram did not repeat what happened in the private chats of Shop between 2026-11-24 11:00 UTC and 2026-11-24 12:00 UTC, because too much had happened at once',
    );
    expect(text).to.contain("Compare with what the bot's own program has of that time.");
  });

  it('C5 without a message that is known the sentence names no beginning', async () => {
    await lose(await open(holeOf(shop.id, commonBox)));
    await sweep();
    expect((await texts())[0]).to.contain('of Shop some time before 2026-11-24 12:00 UTC, because');
  });

  it('C5 an account is sent to its phone', async () => {
    await house.store.connections.put({ ...shop, kind: 'account', username: 'max' });
    await lose(await open(holeOf(shop.id, commonBox)));
    await sweep();
    expect((await texts())[0])
      .to.match(/^⚠️ Shop \(@max\)/)
      .and.to.contain("Look through the account's chats of that time on its phone.");
  });

  it('C5 a hole that is being fetched, or was, is nobody’s worry', async () => {
    await open(holeOf(shop.id, commonBox));
    await close(await open(holeOf(shop.id, commonBox, { from: 2 })));
    await sweep();
    expect(jobs).to.deep.equal([]);
  });

  it('C5 what the desk bot missed in a group is told there', async () => {
    await lose(await open(holeOf(desk.id, groupBox, { reason: 'inaccessible' })));
    await sweep();
    expect((await alerts())[0]).to.include({ group });
    expect((await texts())[0])
      .to.match(/^⚠️ Answers that were written in this group may be missing\.\n/)
      .and.to.contain('no longer lets this session in there')
      .and.to.contain('An answer without 👌 has not reached its client');
  });

  it('C5 only what is carried over is told: other boxes and sessions that are gone are counted, and asked about once', async () => {
    await lose(await open(holeOf(shop.id, groupBox)));
    await lose(await open(holeOf(shop.id, channelBox('77'))));
    await lose(await open(holeOf(desk.id, commonBox)));
    await lose(await open(holeOf('c999' as OwnerId, commonBox)));
    await sweep();
    expect(jobs).to.deep.equal([]);
    expect(await house.store.holes.untold(10)).to.deep.equal([]);
    const counts = await house.store.holes.countOpen();
    expect(counts).to.have.deep.members([
      { owner: shop.id, count: 2, lost: 2 },
      { owner: desk.id, count: 1, lost: 1 },
      { owner: 'c999', count: 1, lost: 1 },
    ]);
  });

  it('C5 one that comes after all is told too, and counted no more; lost again, it is told again', async () => {
    const hole = await open(holeOf(shop.id, commonBox));
    await lose(hole);
    await sweep();
    await close(hole);
    await sweep();
    await sweep();
    expect((await texts())[1]).to.match(
      /^✅ What happened in the private chats of Shop .* has come after all/,
    );
    expect(jobs).to.have.length(2);
    expect(await house.store.holes.countOpen()).to.deep.equal([]);
    await open(hole);
    await lose(hole, noon + 120_000);
    await sweep();
    expect((await texts())[2]).to.match(/^⚠️/);
  });

  it('C5 found again after a crash and lost again, it is no news', async () => {
    const hole = await open(holeOf(shop.id, commonBox));
    await lose(hole);
    await sweep();
    await open(hole);
    expect(await house.store.holes.countOpen()).to.deep.equal([{ owner: shop.id, count: 1, lost: 0 }]);
    await lose(hole, noon + 1000);
    await sweep();
    expect(jobs).to.have.length(1);
  });

  it('C5 C6 a queue that fails, or a death before the hole is marked as told, makes no second alert', async () => {
    await lose(await open(holeOf(shop.id, commonBox)));
    const failing = alertHoles({
      store: house.store,
      queue: { add: () => Promise.reject(new Error('queue')) },
      clock,
      log: silentLog,
    });
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('queue');
    await sweep();
    await sweep();
    const lanes = await house.store.deliveries.openLanes('', 10);
    expect(lanes).to.have.length(1);
    expect(jobs.map(({ id }) => id)).to.deep.equal(lanes.map(({ id }) => id));
  });
});

function holeOf(owner: OwnerId, box: Box, change: Partial<Hole> = {}): Hole {
  const hole = {
    owner,
    box,
    reason: 'too-long',
    from: 1,
    to: 9,
    afterMsgId: 0,
    openedAt: noon,
    ...change,
  } as const;
  return { _id: `${owner}-${box.replace(':', '-')}-pts-${hole.from}`, counter: 'pts', ...hole };
}

/** A message as the engine journals it, an hour before the hole. */
function lastKnown(msgId: number): JournalRow {
  return {
    _id: rowId(shop.id, 'n', commonBox, msgId),
    owner: shop.id,
    box: commonBox,
    ord: 0,
    kind: 'new',
    msgId,
    receivedAt: noon - 3_600_000,
    source: 'push',
    event: fromClient(msgId, 'the last one'),
    tl: new Uint8Array(),
    layer: 223,
  };
}
