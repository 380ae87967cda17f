import { expect } from 'chai';
import type { UpdatesApi } from '../../../src/telegram/updates/ports.js';
import { keyOf } from './model/checks.js';
import type { Game } from './model/game.js';
import { called, give, quiet } from './model/quiet.js';
import { Refusal } from './model/server.js';

/** From now on every call of the method is refused, until the returned function is called. */
function refuseAll(
  { server }: Game,
  method: keyof UpdatesApi,
  ...refusal: [code: number, type: string, argument?: number]
): () => void {
  const answer: unknown = server[method].bind(server);
  Object.assign(server, { [method]: () => Promise.reject(new Refusal(...refusal)) });
  return () => void Object.assign(server, { [method]: answer });
}

/** Channel 21 is followed, its counter settled. */
async function acquainted(): Promise<Game> {
  const game = await quiet();
  game.post(21);
  await game.clock.advance(2000);
  called(game);
  return game;
}

function missed(game: Game, box = game.server.common): number {
  game.server.write(box, 11, 'x');
  return box.lastId;
}

const has = ({ store }: Game, box: string, id: number) => store.rows.has(keyOf('n', box, id));
const stored = ({ store }: Game) => store.state?.channels.get(21);

describe('questions that keep failing', () => {
  it('C5 a resync waits 15 s at most, however long another channel gets no answer', async () => {
    const game = await acquainted();
    refuseAll(game, 'getChannelDifference', 500, 'HISTORY_GET_FAILED');
    give(game, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(1000);
    const id = missed(game);
    const done: number[] = [];
    const began = game.clock.now();
    for (let waiter = 0; waiter < 2; waiter += 1)
      void game.host.engine?.resync().catch(() => done.push(game.clock.now() - began));
    await game.clock.advance(14_000);
    expect([has(game, 'common', id), done]).deep.equal([true, []]);
    await game.clock.advance(1000);
    expect(done).deep.equal([15_000, 15_000]);
  });

  it('a resync that is answered leaves no timer behind', async () => {
    const game = await quiet();
    const { pending } = game.clock;
    const resynced = game.host.engine?.resync();
    await game.clock.advance(1000);
    await resynced;
    expect(game.clock.pending).equal(pending);
  });

  it('C5 a frozen account loses a channel it may no longer see, not what is pushed there', async () => {
    const game = await acquainted();
    missed(game, game.server.channel(21));
    refuseAll(game, 'getChannelDifference', 400, 'FROZEN_PARTICIPANT_MISSING');
    game.post(21);
    await game.clock.advance(1000);
    expect(stored(game)?.status).equal('inaccessible');
    expect([has(game, 'channel:21', 102), has(game, 'channel:21', 103)]).deep.equal([false, true]);
  });

  it('C5 a channel that is refused for reasons nobody knows is closed after four times, and opens with the first answer', async () => {
    const game = await acquainted();
    const id = missed(game, game.server.channel(21));
    const allow = refuseAll(game, 'getChannelDifference', 400, 'RANGES_INVALID');
    game.post(21);
    await game.clock.advance(5000);
    expect([stored(game)?.status, has(game, 'channel:21', id + 1)]).deep.equal(['live', false]);
    await game.clock.advance(5000);
    expect(called(game)).deep.equal(Array(4).fill('getChannelDifference'));
    expect([stored(game)?.status, has(game, 'channel:21', id + 1)]).deep.equal(['inaccessible', true]);
    expect(
      [...game.store.holes.values()].map(({ reason, lostAt }) => [reason, lostAt !== undefined]),
    ).deep.equal([['inaccessible', true]]);
    allow();
    game.post(21);
    await game.clock.advance(1000);
    expect([stored(game)?.status, has(game, 'channel:21', id + 2)]).deep.equal(['live', true]);
  });

  it('C5 refusals count in a row: failures of other kinds before one do not close a channel', async () => {
    const game = await acquainted();
    const id = missed(game, game.server.channel(21));
    const heal = refuseAll(game, 'getChannelDifference', 500, 'INTERNAL');
    game.post(21);
    await game.clock.advance(10_000);
    heal();
    const allow = refuseAll(game, 'getChannelDifference', 400, 'RANGES_INVALID');
    await game.clock.advance(20_000);
    allow();
    await game.clock.advance(60_000);
    expect([has(game, 'channel:21', id), has(game, 'channel:21', id + 1)]).deep.equal([true, true]);
    expect(game.store.holes.size).equal(0);
  });

  it('C5 what the connection is refused says nothing about the channel: it is asked again until it passes', async () => {
    const game = await acquainted();
    const id = missed(game, game.server.channel(21));
    const allow = refuseAll(game, 'getChannelDifference', 400, 'CONNECTION_NOT_INITED');
    game.post(21);
    await game.clock.advance(60_000);
    allow();
    await game.clock.advance(60_000);
    expect([has(game, 'channel:21', id), has(game, 'channel:21', id + 1)]).deep.equal([true, true]);
    expect(game.store.holes.size).equal(0);
  });

  it('a frozen account, which is told no time to wait, is asked ever more rarely', async () => {
    const game = await quiet();
    refuseAll(game, 'getDifference', 420, 'FROZEN_METHOD_INVALID');
    game.host.engine?.onEvent('reconnected');
    await game.clock.advance(60_000);
    expect(called(game).length).equal(6);
  });

  it('P6 M1 a difference that keeps failing holds back nothing that fits: the account', async () => {
    const game = await quiet();
    refuseAll(game, 'getDifference', 500, 'RPC_CALL_FAIL');
    game.host.engine?.onEvent('reconnected');
    await game.clock.advance(40_000);
    for (let message = 0; message < 5; message += 1) {
      game.message();
      game.host.push(game.container([game.server.stop(11)]));
      await game.clock.advance(300);
    }
    expect([has(game, 'common', 105), game.store.state?.pts, game.store.state?.qts]).deep.equal([
      true,
      15,
      8,
    ]);
    game.checks.atRest();
  });

  it('P6 M1 a difference that keeps failing holds back nothing that fits: a channel', async () => {
    const game = await acquainted();
    refuseAll(game, 'getChannelDifference', 420, 'FLOOD_WAIT', 3600);
    game.post(21);
    await game.clock.advance(100);
    give(game, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(1000);
    for (let post = 0; post < 5; post += 1) game.post(21);
    await game.clock.advance(100);
    expect([has(game, 'channel:21', 107), stored(game)?.pts]).deep.equal([true, 17]);
    game.checks.atRest();
  });

  it('P6 what waited for an answer is let out when the question fails, and the rest when it is answered', async () => {
    const game = await quiet();
    const allow = refuseAll(game, 'getDifference', 500, 'RPC_CALL_FAIL');
    game.host.engine?.onEvent('reconnected');
    game.message();
    const id = missed(game);
    game.message();
    await game.clock.advance(10);
    expect(has(game, 'common', 101)).equal(false);
    await game.clock.advance(300);
    expect([101, id, id + 1].map((each) => has(game, 'common', each))).deep.equal([true, false, false]);
    allow();
    await game.clock.advance(2000);
    expect([101, id, id + 1].map((each) => has(game, 'common', each))).deep.equal([true, true, true]);
    game.checks.atRest();
  });

  it('P3 a channel whose start is only guessed waits for its difference: what lies before it comes first', async () => {
    const game = await quiet();
    const allow = refuseAll(game, 'getChannelDifference', 500, 'HISTORY_GET_FAILED');
    game.post(21);
    await game.clock.advance(1000);
    game.post(21);
    await game.clock.advance(100);
    expect(game.store.rows.size).equal(0);
    allow();
    await game.clock.advance(5000);
    expect([has(game, 'channel:21', 101), has(game, 'channel:21', 102)]).deep.equal([true, true]);
    game.checks.atRest();
  });
});
