import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import { pollMs, type Game } from './model/game.js';
import { called, give, quiet } from './model/quiet.js';
import { longOf } from './model/server.js';

const has = ({ store }: Game, ...parts: [letter: string, box: string, ...rest: (string | number)[]]) =>
  store.rows.has(keyOf(...parts));

/** A message Telegram has written but not pushed. */
function unpushed(game: Game): tl.TypeUpdate {
  const { common } = game.server;
  return common.updateOf(game.server.write(common, 11, 'x'));
}

describe('pushed updates (grammers process_socket_updates_flow)', () => {
  it('M1 common_ok: journals the next update at once and asks nothing', async () => {
    const game = await quiet();
    give(game, unpushed(game));
    await game.clock.advance(100);
    expect(has(game, 'n', 'common', 101)).equal(true);
    expect(called(game)).deep.equal([]);
  });

  it('already_processed, common_already_applied: ignores what was applied, under pts and under seq, in every combination', async () => {
    const game = await quiet();
    const update = unpushed(game);
    give(game, update);
    await game.clock.advance(100);
    const { rows } = game.store;
    const before = [...rows.keys()];
    for (const seq of [0, 4, 5]) {
      game.host.push({ _: 'updates', updates: [update], ...game.server.peers(), date: 1, seq });
      game.host.push({
        _: 'updatesCombined',
        updates: [],
        users: [],
        chats: [],
        date: 1,
        seqStart: Math.max(seq - 1, 0),
        seq,
      });
    }
    await game.clock.advance(700);
    expect([...rows.keys()]).deep.equal(before);
    expect(called(game)).deep.equal([]);
  });

  it('common_pts_possible_gap_resolves: waits half a second for a missing pts and asks nothing when it comes', async () => {
    const game = await quiet();
    const [first, second] = [unpushed(game), unpushed(game)];
    give(game, second);
    await game.clock.advance(400);
    expect(has(game, 'n', 'common', 102)).equal(false);
    give(game, first);
    await game.clock.advance(400);
    expect(has(game, 'n', 'common', 102)).equal(true);
    expect(called(game)).deep.equal([]);
  });

  it('P6 common_pts_gap, common_timeout: asks the difference when half a second has passed', async () => {
    const game = await quiet();
    unpushed(game);
    give(game, unpushed(game));
    await game.clock.advance(499);
    expect(called(game)).deep.equal([]);
    await game.clock.advance(400);
    expect(called(game)).deep.equal(['getDifference']);
    expect(has(game, 'n', 'common', 101) && has(game, 'n', 'common', 102)).equal(true);
  });

  it('common_seq_gap: asks the difference for a missing seq, also in updatesCombined whose start and end differ', async () => {
    const game = await quiet();
    game.host.push({ _: 'updatesCombined', updates: [], users: [], chats: [], date: 1, seqStart: 6, seq: 7 });
    await game.clock.advance(600);
    expect(called(game)).deep.equal([]);
    game.host.push({ _: 'updatesCombined', updates: [], users: [], chats: [], date: 1, seqStart: 9, seq: 9 });
    await game.clock.advance(600);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('asks the difference after updatesTooLong, a new session, an undecodable item, a reconnect, silence; and once at a time', async () => {
    const game = await quiet();
    const { engine } = game.host;
    game.host.push({ _: 'updatesTooLong' });
    await game.clock.advance(300);
    for (const event of ['newSession', 'undecodable', 'reconnected'] as const) {
      engine?.onEvent(event);
      await game.clock.advance(300);
    }
    expect(called(game)).deep.equal(Array(4).fill('getDifference'));
    engine?.onEvent('undecodable');
    engine?.onEvent('undecodable');
    engine?.onEvent('undecodable');
    await game.clock.advance(600);
    expect(called(game)).deep.equal(Array(2).fill('getDifference'));
    await game.clock.advance(pollMs);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('sorts a container: the read that shares a number with a message follows it (gotd sortUpdatesByPts)', async () => {
    const game = await quiet();
    const [first, second] = [unpushed(game), unpushed(game)];
    const read: tl.TypeUpdate = {
      _: 'updateReadHistoryInbox',
      peer: { _: 'peerUser', userId: 11 },
      maxId: 102,
      stillUnreadCount: 0,
      pts: 12,
      ptsCount: 0,
    };
    give(game, second, read, first);
    await game.clock.advance(600);
    expect([has(game, 'n', 'common', 101), has(game, 'n', 'common', 102), called(game)]).deep.equal([
      true,
      true,
      [],
    ]);
  });

  it('P12 a qts of 0 moves nothing and loops nowhere (gotd HandleQtsZeroDoesNotResetState)', async () => {
    const game = await quiet();
    const before = game.store.state;
    give(game, { _: 'updateBotStopped', userId: 11, date: 1, stopped: true, qts: 0 });
    await game.clock.advance(2000);
    expect(game.store.state).deep.equal(before);
    expect(called(game)).deep.equal([]);
  });

  it('P15 a deletion without a peer is an event of the common box, one per message; a channel keeps its own', async () => {
    const game = await quiet();
    for (let message = 0; message < 2; message += 1) give(game, unpushed(game));
    game.post(21);
    await game.clock.advance(1000);
    give(game, game.server.common.updateOf(game.server.common.delete([101, 102], 1)));
    await game.clock.advance(100);
    const deletions = [...game.store.rows.values()].filter((row) => row.kind === 'delete');
    expect(deletions.map((row) => [row._id, row.box])).deep.equal([
      [keyOf('d', 'common', 101), 'common'],
      [keyOf('d', 'common', 102), 'common'],
    ]);
  });

  it('a short message of an unknown user is not applied: the difference carries the sender (gotd ShortMessageUnknownPeer, KnownPeer, RecoveredDifferenceCarriesSender)', async () => {
    const game = await quiet();
    const short = (id: number, pts: number): tl.TypeUpdates => ({
      _: 'updateShortMessage',
      id,
      userId: 11,
      message: 'x',
      pts,
      ptsCount: 1,
      date: 1,
    });
    unpushed(game);
    game.host.push(short(101, 11));
    await game.clock.advance(300);
    expect(called(game)).deep.equal(['getDifference']);
    unpushed(game);
    game.host.push(short(102, 12));
    await game.clock.advance(300);
    expect(called(game)).deep.equal([]);
    const rows = [101, 102].map((id) => game.store.rows.get(keyOf('n', 'common', id)));
    expect(rows.map((row) => row?.source)).deep.equal(['difference', 'push']);
    expect(rows.map((row) => row?.event)).deep.equal(
      rows.map((row) => ({ ...row?.event, author: 'user:11', peer: 'user:11' })),
    );
  });

  it('a short message of a group with an unknown author asks the difference', async () => {
    const game = await quiet();
    game.host.push({
      _: 'updateShortChatMessage',
      id: 101,
      fromId: 11,
      chatId: 5,
      message: 'x',
      pts: 11,
      ptsCount: 1,
      date: 1,
    });
    await game.clock.advance(100);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('a min user is not known; after a difference has brought nothing better it is accepted', async () => {
    const game = await quiet();
    const min: tl.TypeUser = { _: 'user', id: 99, min: true, accessHash: longOf(1), firstName: 'x' };
    const peers = game.server.peers();
    game.server.peers = () => ({ ...peers, users: [...peers.users, min] });
    const { common } = game.server;
    for (const pts of [11, 12]) {
      const logged = game.server.write(common, 99, 'x');
      give(game, common.updateOf(logged));
      await game.clock.advance(300);
      expect(called(game), `pts ${pts}`).deep.equal(pts === 11 ? ['getDifference'] : []);
    }
  });

  it('an update under a channel that it does not name asks the difference', async () => {
    const game = await quiet();
    give(game, { _: 'updateNewChannelMessage', message: { _: 'messageEmpty', id: 5 }, pts: 3, ptsCount: 1 });
    await game.clock.advance(100);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('what counts but means nothing moves the counter and leaves no row', async () => {
    const game = await quiet();
    const { common } = game.server;
    common.pts += 1;
    give(game, { _: 'updateWebPage', webpage: { _: 'webPageEmpty', id: longOf(1) }, pts: 11, ptsCount: 1 });
    await game.clock.advance(100);
    expect([game.store.state?.pts, game.store.rows.size]).deep.equal([11, 0]);
  });
});
