import { expect } from 'chai';
import type { Connection, ConnectionState } from '../../src/domain/connection.js';
import type { TelegramEvent } from '../../src/domain/event.js';
import { commonBox, connectionId, deskId, dialogId, type OwnerId } from '../../src/domain/ids.js';
import { noticeOf } from '../../src/flows/plan.js';
import type { Hole, JournalRow } from '../../src/ports/updates.js';
import { group, shop } from '../flows/house.js';
import { fastClock } from '../telegram/link/fast-clock.js';
import { openHttpPlace, type Place } from './observed.js';

const max: Connection = { ...shop, id: connectionId('101'), kind: 'account', state: 'flood-waiting' };
const desk = deskId('200');

describe('metrics', () => {
  let place: Place;
  afterEach(() => place.close());

  it('I4 every figure has the prefix, a help text and a type, and the process tells its lag, memory and CPU', async () => {
    place = await openHttpPlace();
    const response = await place.get('/metrics');
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const names = new Set([...text.matchAll(/^([a-z_0-9]+)[ {]/gm)].map(([, name]) => name));
    for (const name of names) {
      expect(name).to.match(/^understudy_/);
      expect(text).to.match(new RegExp(`^# HELP ${name?.replace(/_(bucket|sum|count)$/, '')} \\S`, 'm'));
    }
    expect([...names]).to.include.members([
      'understudy_nodejs_eventloop_lag_seconds',
      'understudy_process_resident_memory_bytes',
      'understudy_process_cpu_seconds_total',
    ]);
  });

  it('I4 the state of each connection, what waits for a flood, and the sessions held here', async () => {
    place = await openHttpPlace(() => ({ holds: (owner) => owner !== max.id, desks: [desk] }));
    await place.store.connections.put(shop);
    await place.store.connections.put(max);
    const state = (id: string, one: ConnectionState): Promise<number | undefined> =>
      place.metric(`understudy_connection_state{connection="${id}",state="${one}"}`);
    expect(await state('c100', 'live')).to.equal(1);
    expect(await state('c100', 'flood-waiting')).to.equal(0);
    expect(await state('c101', 'flood-waiting')).to.equal(1);
    expect(await place.metric('understudy_connections_flood_waiting{kind="account"}')).to.equal(1);
    expect(await place.metric('understudy_connections_flood_waiting{kind="bot"}')).to.equal(0);
    expect(await place.metric('understudy_sessions_held{kind="connection"}')).to.equal(1);
    expect(await place.metric('understudy_sessions_held{kind="desk"}')).to.equal(1);
    await place.store.connections.remove(max.id);
    expect(await state('c101', 'flood-waiting'), 'a removed connection').to.equal(undefined);
  });

  it('C5 I4 open holes by owner, zero where there is none, and holes ever by reason', async () => {
    place = await openHttpPlace();
    const { updates, connections } = place.store;
    await connections.put(shop);
    await connections.put(max);
    await updates.recordHole(shop.id, 1, holeOf(shop.id, 1, 'too-long'));
    await updates.recordHole(shop.id, 1, holeOf(shop.id, 2, 'denied'));
    await updates.recordHole(shop.id, 1, holeOf(shop.id, 3, 'denied'));
    await updates.closeHole(shop.id, 1, holeOf(shop.id, 3, 'denied')._id, 9);
    expect(await place.metric('understudy_open_holes{owner="c100"}')).to.equal(2);
    expect(await place.metric('understudy_open_holes{owner="c101"}')).to.equal(0);
    expect(await place.metric('understudy_holes_total{reason="denied"}')).to.equal(2);
    expect(await place.metric('understudy_holes_total{reason="too-long"}')).to.equal(1);
    expect(await place.metric('understudy_holes_total{reason="denied"}'), 'not added up').to.equal(2);
  });

  it('I4 how old the oldest unrouted row and the oldest open delivery are, and how many wait', async () => {
    place = await openHttpPlace();
    const { updates, deliveries } = place.store;
    await updates.append(shop.id, 1, [rowOf(1, Date.now() - 60_000), rowOf(2, Date.now() - 5_000)]);
    await deliveries.add([
      noticeAt('a', Date.now() - 120_000),
      { ...noticeAt('b', Date.now()), state: 'unknown' },
      noticeAt('c', Date.now()),
    ]);
    expect(await place.metric('understudy_unrouted_rows{owner="c100"}')).to.equal(2);
    expect(await place.metric('understudy_unrouted_age_seconds{owner="c100"}')).to.be.within(60, 90);
    expect(await place.metric('understudy_open_deliveries{kind="notice",state="queued"}')).to.equal(2);
    expect(await place.metric('understudy_open_deliveries{kind="notice",state="unknown"}')).to.equal(1);
    expect(await place.metric('understudy_oldest_open_delivery_age_seconds{kind="notice"}')).to.be.within(
      120,
      150,
    );
    await place.store.journal.markRouted(['row-1', 'row-2'], Date.now());
    expect(await place.metric('understudy_unrouted_rows{owner="c100"}')).to.equal(undefined);
  });

  it('I4 the jobs of the queue by kind and state', async () => {
    place = await openHttpPlace(() => ({
      queue: { counts: async (kind) => ({ waiting: kind === 'deliver' ? 7 : 0, active: 2, delayed: 1 }) },
    }));
    expect(await place.metric('understudy_queue_jobs{kind="deliver",state="waiting"}')).to.equal(7);
    expect(await place.metric('understudy_queue_jobs{kind="deliver-media",state="active"}')).to.equal(2);
    expect(await place.metric('understudy_queue_up')).to.equal(1);
  });

  it('I4 a store that is gone leaves what is known, and says so', async () => {
    place = await openHttpPlace(() => ({ holds: () => true }));
    await place.store.connections.put(shop);
    expect(await place.metric('understudy_store_up')).to.equal(1);
    await place.closeStore();
    expect(await place.metric('understudy_store_up')).to.equal(0);
    expect(await place.metric('understudy_queue_jobs{kind="deliver",state="waiting"}')).to.equal(0);
    expect(await place.metric('understudy_sessions_held{kind="connection"}')).to.equal(1);
    expect(
      await place.metric('understudy_connection_state{connection="c100",state="live"}'),
      'nothing stale',
    ).to.equal(undefined);
  });

  it('I4 a store that never answers does not hang a scrape, and scrapes do not pile up questions', async () => {
    let asked = 0;
    const never = (): Promise<never> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    place = await openHttpPlace(() => ({
      clock: fastClock(20),
      figures: { ping: never, openDeliveries: never, unrouted: never },
      holes: { countOpen: never, countEver: never },
      connections: { list: never },
    }));
    expect(await place.metric('understudy_store_up')).to.equal(0);
    expect(await place.metric('understudy_queue_up')).to.equal(1);
    expect(asked).to.equal(6);
  });
});

function holeOf(owner: OwnerId, from: number, reason: Hole['reason']): Hole {
  const counters = { counter: 'pts', from, to: from + 10, afterMsgId: 1, openedAt: 1 } as const;
  return { _id: `${owner}-common-pts-${from}`, owner, box: commonBox, reason, ...counters };
}

function rowOf(ord: number, receivedAt: number): JournalRow {
  const event = { kind: 'other' } as unknown as TelegramEvent;
  const tl = new Uint8Array(1);
  const at = { owner: shop.id, box: commonBox, ord, receivedAt };
  return { _id: `row-${ord}`, ...at, kind: 'other', source: 'push', event, tl, layer: 223 };
}

function noticeAt(id: string, now: number): ReturnType<typeof noticeOf> {
  const dialog = { id: dialogId(shop.id, shop.peer), connection: shop.id, peer: shop.peer, group };
  return noticeOf({ id, dialog, text: 'x', lane: `lane-${id}`, order: 0, now, source: shop.id });
}
