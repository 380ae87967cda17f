import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import type { Game } from './model/game.js';
import { called, quiet } from './model/quiet.js';
import { longOf } from './model/server.js';

const channelPeer: tl.TypeInputPeer = { _: 'inputPeerChannel', channelId: 21, accessHash: longOf(21) };
const channel: tl.TypeInputChannel = { _: 'inputChannel', channelId: 21, accessHash: longOf(21) };
const affected = (pts: number, ptsCount: number) => ({ _: 'messages.affectedMessages', pts, ptsCount });

function result(game: Game, request: tl.RpcMethod, answer: unknown): void {
  game.host.engine?.onResult(request, answer);
}

async function following21(): Promise<Game> {
  const game = await quiet();
  game.post(21);
  await game.clock.advance(2000);
  called(game);
  return game;
}

describe('results of our own calls (gotd HandleAffected, AffectedHook)', () => {
  it('HandleAffectedAdvancesPts: affected messages move the account counter, or the channel that the request names', async () => {
    const game = await following21();
    result(
      game,
      {
        _: 'messages.readHistory',
        peer: { _: 'inputPeerUser', userId: 11, accessHash: longOf(1) },
        maxId: 1,
      },
      affected(11, 1),
    );
    result(game, { _: 'channels.deleteMessages', channel, id: [101] }, affected(12, 1));
    await game.clock.advance(700);
    expect([game.store.state?.pts, game.store.state?.channels.get(21)?.pts, called(game)]).deep.equal([
      11,
      12,
      [],
    ]);
    result(
      game,
      { _: 'messages.deleteHistory', peer: channelPeer, maxId: 0 },
      { _: 'messages.affectedHistory', pts: 14, ptsCount: 2, offset: 0 },
    );
    await game.clock.advance(700);
    expect([game.store.state?.channels.get(21)?.pts, called(game)]).deep.equal([14, []]);
  });

  it('HandleAffectedZeroIgnored, UntrackedChannelIgnored: an affected result of nothing, or of a channel we do not follow, is ignored', async () => {
    const game = await quiet();
    result(game, { _: 'messages.readHistory', peer: { _: 'inputPeerSelf' }, maxId: 1 }, affected(10, 0));
    result(game, { _: 'messages.readHistory', peer: { _: 'inputPeerSelf' }, maxId: 1 }, affected(0, 0));
    result(game, { _: 'channels.deleteMessages', channel, id: [1] }, affected(44, 1));
    await game.clock.advance(700);
    expect([game.store.state?.pts, game.store.state?.channels.size, called(game)]).deep.equal([10, 0, []]);
  });

  it('HandleAffectedFillsGap: an affected result fills the gap that a push has shown', async () => {
    const game = await quiet();
    const { common } = game.server;
    common.pts += 2;
    game.message();
    await game.clock.advance(200);
    result(game, { _: 'messages.readHistory', peer: { _: 'inputPeerSelf' }, maxId: 1 }, affected(12, 2));
    await game.clock.advance(1000);
    expect([game.store.state?.pts, called(game)]).deep.equal([13, []]);
  });

  it('a call for a business connection moves the counters of its owner, not ours', async () => {
    const game = await quiet();
    const query: tl.RpcMethod = { _: 'messages.readHistory', peer: { _: 'inputPeerSelf' }, maxId: 1 };
    result(game, { _: 'invokeWithBusinessConnection', connectionId: 'x', query }, affected(11, 1));
    await game.clock.advance(700);
    expect([game.store.state?.pts, called(game)]).deep.equal([10, []]);
  });

  it('P10 both forms of a send result count, bind the random id and yield no message of their own', async () => {
    const game = await following21();
    const { common } = game.server;
    const sent = [game.send(common), game.send(common), game.send(game.server.channel(21))];
    await game.clock.advance(700);
    expect(called(game)).deep.equal([]);
    expect(sent.map((randomId) => game.store.rows.get(keyOf('s', String(randomId)))?.msgId)).deep.equal([
      101, 102, 102,
    ]);
    expect(sent.map((randomId) => game.store.rows.get(keyOf('s', String(randomId)))?.box)).deep.equal([
      'common',
      'common',
      'channel:21',
    ]);
    expect(
      [...game.store.rows.values()].filter(
        ({ kind, msgId, box }) => kind === 'new' && (box === 'common' || msgId === 102),
      ),
    ).deep.equal([]);
    expect([game.store.state?.pts, game.store.state?.lastMsgId]).deep.equal([12, 102]);
  });

  it('P10 a lost answer: the difference brings the id and the message, marked as ours to know', async () => {
    const game = await quiet();
    game.host.faults = { ...game.host.faults, drop: 1 };
    const randomId = game.send(game.server.common);
    await game.host.clock.advance(100);
    const quietAgain = game.host.engine!.resync();
    await game.clock.advance(2000);
    await quietAgain;
    expect(game.store.rows.get(keyOf('s', String(randomId)))?.source).equal('difference');
    expect(game.store.rows.get(keyOf('n', 'common', 101))?.event).include({ out: true });
  });

  it('what a result tells of others is journaled like any update', async () => {
    const game = await quiet();
    const { common } = game.server;
    const update = common.updateOf(game.server.write(common, 11, 'x'));
    const updates: tl.TypeUpdates = {
      _: 'updates',
      updates: [update],
      ...game.server.peers(),
      date: 1,
      seq: 0,
    };
    result(
      game,
      {
        _: 'messages.startBot',
        bot: { _: 'inputUserSelf' },
        peer: channelPeer,
        randomId: longOf(5),
        startParam: '',
      },
      updates,
    );
    await game.clock.advance(100);
    expect(game.store.rows.get(keyOf('n', 'common', 101))?.source).equal('result');
  });
});
