import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import { Game } from './model/game.js';
import { noFaults } from './model/host.js';
import { called, quiet, refuse } from './model/quiet.js';

/** Messages that nobody pushed. */
function missed(game: Game, count: number): void {
  for (let message = 0; message < count; message += 1) game.server.write(game.server.common, 11, 'x');
}

const journaled = ({ store }: Game, ...ids: number[]) =>
  ids.map((id) => store.rows.get(keyOf('n', 'common', id))?.source);

describe('differences', () => {
  it('a new account begins at getState and asks the difference right after it, because the state may carry a stale qts', async () => {
    const game = new Game({ seed: 1, faults: noFaults });
    const state = game.server.state();
    game.server.stop(11);
    game.server.getState = async () => ({ ...state, qts: 3 });
    await game.start();
    expect(called(game)).deep.equal(['getState', 'getDifference']);
    expect(game.store.rows.has(keyOf('q', 'common', 4))).equal(true);
  });

  it('C5 after a downtime goes on where it stopped, slice by slice, in order', async () => {
    const game = await quiet({ server: { slice: 3 } });
    game.host.crash();
    missed(game, 8);
    await game.clock.advance(4000);
    expect(called(game)).deep.equal(['getDifference', 'getDifference', 'getDifference']);
    expect(journaled(game, 101, 105, 108)).deep.equal(Array(3).fill('difference'));
    game.checks.atRest();
  });

  it('temporary trouble keeps the counter and asks again after 1, 2, 4 s (grammers channel_issues)', async () => {
    const game = await quiet();
    missed(game, 1);
    refuse(
      game,
      'getDifference',
      [500, 'PERSISTENT_TIMESTAMP_OUTDATED'],
      [-503, 'Timeout'],
      [500, 'INTERDC_1_CALL_ERROR'],
    );
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(10_000);
    const times = game.host.calls.map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((at, index) => Math.floor((at - times[index]!) / 1000));
    expect(pauses).deep.equal([1, 2, 4]);
    expect(journaled(game, 101)).deep.equal(['difference']);
  });

  it('a new connection cuts the pause of a failed call short, but never a flood wait', async () => {
    const game = await quiet();
    refuse(game, 'getDifference', [420, 'FLOOD_WAIT', 17]);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(500);
    game.host.engine?.onEvent('reconnected');
    await game.clock.advance(16_000);
    expect(called(game)).deep.equal(['getDifference']);
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getDifference']);
    refuse(game, 'getDifference', ...Array.from({ length: 6 }, (): [number, string] => [500, 'x']));
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(40_000);
    called(game);
    game.host.engine?.onEvent('reconnected');
    await game.clock.advance(300);
    expect(called(game)).deep.equal(['getDifference']);
  });

  for (const type of [
    'AUTH_KEY_UNREGISTERED',
    'SESSION_REVOKED',
    'SESSION_EXPIRED',
    'USER_DEACTIVATED',
    'USER_DEACTIVATED_BAN',
    'AUTH_KEY_DUPLICATED',
  ]) {
    it(`${type} ends the engine for good`, async () => {
      const game = await quiet();
      refuse(game, 'getDifference', [type === 'AUTH_KEY_DUPLICATED' ? 406 : 401, type]);
      game.host.engine?.onEvent('tooLong');
      await game.clock.advance(500);
      game.host.engine?.onEvent('reconnected');
      await game.clock.advance(100_000);
      expect(called(game)).deep.equal(['getDifference']);
      expect(game.host.terminal.map(({ code, detail }) => [code, detail])).deep.equal([
        ['SESSION_DEAD', type],
      ]);
      expect(game.clock.pending).equal(0);
    });
  }

  it('P11 differenceTooLong opens a hole, fetches it by id in order, then moves the counter and closes the hole (gotd TestStateOnTooLong)', async () => {
    const game = await quiet({ server: { tooLong: 5 } });
    game.message();
    await game.clock.advance(500);
    missed(game, 150);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    expect(called(game)).deep.equal([
      'getDifference',
      ...Array<string>(5).fill('getMessages'),
      'getDifference',
    ]);
    expect(journaled(game, 102, 251)).deep.equal(['backfill', 'backfill']);
    expect(
      [...game.store.holes.values()].map(({ from, to, closedAt }) => [from, to, closedAt !== undefined]),
    ).deep.equal([[11, 161, true]]);
    game.checks.atRest();
  });

  it('C5 a hole that Telegram refuses to fill stays open, and the account goes on', async () => {
    const game = await quiet({ server: { tooLong: 5 } });
    game.message();
    await game.clock.advance(500);
    missed(game, 10);
    refuse(game, 'getMessages', [400, 'MSG_ID_INVALID']);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    game.message();
    await game.clock.advance(100);
    expect(await game.store.countOpenHoles()).equal(1);
    expect(journaled(game, 111, 112)).deep.equal([undefined, 'push']);
  });

  it('PERSISTENT_TIMESTAMP_INVALID is never a silent new start: hole, fetch by id, then the state', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(500);
    missed(game, 3);
    refuse(game, 'getDifference', [400, 'PERSISTENT_TIMESTAMP_INVALID']);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(30_000);
    const calls = called(game);
    expect([...calls.slice(0, 3), calls.at(-1)]).deep.equal([
      'getDifference',
      'getState',
      'getMessages',
      'getDifference',
    ]);
    expect(journaled(game, 102, 104)).deep.equal(['backfill', 'backfill']);
    expect([...game.store.holes.values()].map(({ reason }) => reason)).deep.equal(['timestamp-invalid']);
  });

  it('updatePtsChanged asks the state, then the difference', async () => {
    const game = await quiet();
    game.host.push(game.container([{ _: 'updatePtsChanged' }]));
    await game.clock.advance(500);
    expect(called(game)).deep.equal(['getState', 'getDifference']);
  });

  for (const [when, begin] of [
    ['a difference is under way', (): void => undefined],
    [
      'a failed difference waits for its next try',
      (game: Game) => refuse(game, 'getDifference', [420, 'FLOOD_WAIT', 5]),
    ],
  ] as const) {
    it(`C5 updatePtsChanged is not forgotten while ${when}: what follows under the new counter is journaled`, async () => {
      const game = await quiet();
      for (let message = 0; message < 5; message += 1) game.message();
      await game.clock.advance(500);
      const difference = game.server.getDifference.bind(game.server);
      // A server that has forgotten the old counter sees nothing wrong with a place it has not reached yet.
      game.server.getDifference = async (from) =>
        from.pts > game.server.common.pts
          ? { _: 'updates.differenceEmpty', date: game.server.date(), seq: game.server.seq }
          : difference(from);
      begin(game);
      game.host.engine?.onEvent('reconnected');
      await game.clock.advance(1);
      game.host.push(game.container([{ _: 'updatePtsChanged' }]));
      game.server.common.pts = 1;
      await game.clock.advance(30_000);
      expect(called(game).slice(0, 3)).deep.equal(['getDifference', 'getState', 'getMessages']);
      for (let message = 0; message < 5; message += 1) game.message();
      await game.clock.advance(1000);
      expect(journaled(game, 106, 110)).deep.equal(['push', 'push']);
      expect([...game.store.holes.values()].map(({ reason }) => reason)).deep.equal(['pts-reset']);
    });
  }

  it('C5 updatePtsChanged inside a difference is not forgotten either', async () => {
    const game = await quiet({ server: { slice: 1 } });
    missed(game, 2);
    const difference = game.server.getDifference.bind(game.server);
    game.server.getDifference = async (from) => {
      const answer = await difference(from);
      if (answer._ === 'updates.differenceSlice') answer.otherUpdates.push({ _: 'updatePtsChanged' });
      return answer;
    };
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getDifference', 'getState', 'getDifference']);
    expect(journaled(game, 101, 102)).deep.equal(['difference', 'difference']);
  });

  it('a gap that Telegram denies six times is passed as a recorded hole, not waited for for ever', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(500);
    game.server.getDifference = async () => ({ _: 'updates.differenceEmpty', date: 1, seq: 5 });
    game.server.common.pts += 3;
    game.message();
    await game.clock.advance(60_000);
    expect(journaled(game, 102)).deep.equal(['push']);
    expect([...game.store.holes.values()].map(({ reason, from, to }) => [reason, from, to])).deep.equal([
      ['denied', 11, 14],
    ]);
  });

  it('a slice that leads nowhere is not asked again at once', async () => {
    const game = await quiet();
    const { server } = game;
    server.getDifference = async () => ({
      _: 'updates.differenceSlice',
      newMessages: [],
      newEncryptedMessages: [],
      otherUpdates: [],
      users: [],
      chats: [],
      intermediateState: server.state(),
    });
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(5000);
    expect(called(game).length).most(4);
  });

  it('asks without need after 100 000 events, so that Telegram may forget them', async () => {
    const game = await quiet();
    game.server.common.pts += 99_999;
    game.host.engine?.onResult(
      { _: 'messages.readHistory', peer: { _: 'inputPeerSelf' }, maxId: 1 },
      { _: 'messages.affectedMessages', pts: 100_009, ptsCount: 99_999 },
    );
    await game.clock.advance(100);
    expect(called(game)).deep.equal([]);
    game.message();
    await game.clock.advance(100);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('a bot that shares its token polls every 15 to 30 s and fetches ids that nobody told it about', async () => {
    const game = await quiet({ shared: true, core: { pollMs: 15_000, pollJitterMs: 15_000 } });
    game.message();
    await game.clock.advance(100);
    // Telegram gave this message to the other process, and the difference keeps silent about it too.
    const { common } = game.server;
    const { pts } = common;
    const lost = game.server.write(common, 11, 'x');
    common.log.splice(common.log.indexOf(lost), 1);
    common.pts = pts;
    game.message();
    await game.clock.advance(31_000);
    expect(called(game).slice(0, 2)).deep.equal(['getDifference', 'getMessages']);
    expect(journaled(game, 102, 103)).deep.equal(['backfill', 'push']);
  });

  it('what is pushed while ids are fetched waits only for their answer', async () => {
    const game = await quiet({ shared: true });
    game.message();
    await game.clock.advance(100);
    game.server.common.lastId += 1;
    const fetch = game.server.getMessages.bind(game.server);
    game.server.getMessages = async (channel, ids) => {
      game.message();
      return fetch(channel, ids);
    };
    game.message();
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(400);
    expect(called(game)).deep.equal(['getDifference', 'getMessages']);
    expect(journaled(game, 104)).deep.equal(['push']);
  });
});
