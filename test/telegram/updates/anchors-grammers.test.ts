/** Examples of grammers (mtproto.md §2.4), by their names; what other files here show already bears its name there. */
import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import { Game, pollMs } from './model/game.js';
import { noFaults } from './model/host.js';
import { called, give, quiet } from './model/quiet.js';
import type { ServerBox } from './model/server-box.js';

const sources = ({ store }: Game, box: string, ...ids: number[]) =>
  ids.map((id) => store.rows.get(keyOf('n', box, id))?.source);

/** A message that nobody pushed, and the update that would have told of it. */
function missed(box: ServerBox, game: Game, author = 11): tl.TypeUpdate {
  return box.updateOf(game.server.write(box, author, 'x'));
}

/** Channel 21 is followed, its counter settled. */
async function acquainted(): Promise<Game> {
  const game = await quiet();
  game.post(21);
  await game.clock.advance(2000);
  called(game);
  return game;
}

describe('what grammers tests', () => {
  it('connect_flow_empty: an account that never ran asks its state, the difference, and then nothing', async () => {
    const game = new Game({ seed: 1, faults: noFaults });
    await game.start();
    expect(called(game)).deep.equal(['getState', 'getDifference']);
    await game.clock.advance(pollMs / 2);
    expect([called(game), game.store.rows.size]).deep.equal([[], 0]);
  });

  it('connect_flow_with_data: a known account asks the difference; of its channels only those that were due', async () => {
    const game = await acquainted();
    game.post(22);
    await game.clock.advance(2000);
    game.host.crash();
    await game.clock.advance(3000);
    expect(called(game).filter((method) => method !== 'getChannelDifference')).deep.equal(['getDifference']);
    expect([game.store.state?.pts, [...game.store.state!.channels.keys()]]).deep.equal([10, [21, 22]]);
  });

  it('complete_login_flow: the counters that the login read are where the account begins', async () => {
    const game = new Game({ seed: 1, faults: noFaults });
    const { pts, qts, seq, date } = game.server.state();
    game.store.state = { pts, qts, seq, date, lastMsgId: 0, channels: new Map(), ord: 0 };
    missed(game.server.common, game);
    await game.start();
    expect(called(game)).deep.equal(['getDifference']);
    expect(sources(game, 'common', 101)).deep.equal(['difference']);
  });

  it('iter_dialogs_flow: a channel that was joined begins where Telegram says it stands, not before', async () => {
    const game = await quiet();
    const box = game.server.channel(21);
    missed(box, game);
    give(game, { _: 'updateChannel', channelId: 21 });
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getChannelState']);
    expect(game.store.state?.channels.get(21)).include({ pts: box.pts, status: 'live' });
    game.post(21);
    await game.clock.advance(700);
    expect([called(game), sources(game, 'channel:21', 101, 102)]).deep.equal([[], [undefined, 'push']]);
  });

  it('next_raw_update_flow_empty: a difference of nothing changes nothing', async () => {
    const game = await quiet();
    const before = game.store.state;
    game.host.push({ _: 'updatesTooLong' });
    await game.clock.advance(1000);
    expect([called(game), game.store.rows.size]).deep.equal([['getDifference'], 0]);
    expect({ ...game.store.state, date: 0 }).deep.equal({ ...before, date: 0 });
  });

  it('next_raw_update_flow_no_new_get_diff_if_already_fetching: gaps that open meanwhile wait for the answer', async () => {
    const game = await acquainted();
    const { common } = game.server;
    const channel = game.server.channel(21);
    let release: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (release = resolve));
    const ofAccount = game.server.getDifference.bind(game.server);
    const ofChannel = game.server.getChannelDifference.bind(game.server);
    game.server.getDifference = (...args) => opened.then(() => ofAccount(...args));
    game.server.getChannelDifference = (...args) => opened.then(() => ofChannel(...args));
    for (const box of [common, channel, common, channel]) {
      missed(box, game);
      give(game, missed(box, game));
      await game.clock.advance(1000);
    }
    expect(called(game)).deep.equal(['getDifference', 'getChannelDifference']);
    release();
    await game.clock.advance(1000);
    expect(sources(game, 'common', 101, 102, 103, 104)).deep.equal(Array(4).fill('difference'));
    game.checks.atRest();
  });

  it('process_socket_updates_flow_common_difference_ok: the push after a difference joins it', async () => {
    const game = await quiet();
    const { common } = game.server;
    missed(common, game);
    game.host.push({ _: 'updatesTooLong' });
    await game.clock.advance(1000);
    give(game, missed(common, game));
    await game.clock.advance(700);
    expect(called(game)).deep.equal(['getDifference']);
    expect(sources(game, 'common', 101, 102)).deep.equal(['difference', 'push']);
  });
});
