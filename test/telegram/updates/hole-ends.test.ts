import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import type { Game } from './model/game.js';
import { called, give, quiet } from './model/quiet.js';
import type { ServerBox } from './model/server-box.js';

/** Messages that nobody pushed; answers their ids. */
function missed({ server }: Game, count: number, box: ServerBox = server.common): number[] {
  for (let message = 0; message < count; message += 1) server.write(box, 11, 'x');
  return Array.from({ length: count }, (_, index) => box.lastId - count + 1 + index);
}

/** Messages that nobody pushed, and that are deleted meanwhile. */
function vanished(game: Game, count: number, box = game.server.common): void {
  box.delete(missed(game, count, box), game.server.date());
}

/** One message stands in the common box; more than five events behind, Telegram replays nothing. */
async function acquainted(): Promise<Game> {
  const game = await quiet({ server: { tooLong: 5 } });
  game.message();
  await game.clock.advance(500);
  return game;
}

/** How many of these messages are in the journal. */
const journaled = ({ store }: Game, ids: readonly number[], box = 'common') =>
  ids.filter((id) => store.rows.has(keyOf('n', box, id))).length;

const standing = ({ store }: Game): string[] =>
  [...store.holes.values()].map(({ closedAt, lostAt }) =>
    closedAt !== undefined ? 'closed' : lostAt === undefined ? 'open' : 'lost',
  );

/** The next answer to a question about ids shows that Telegram has started the counter anew. */
function startAnew(game: Game, pts: number): void {
  game.server.common.pts = pts;
  give(game, { _: 'updatePtsChanged' });
}

describe('where a hole ends', () => {
  it('C5 P11 more deleted ids than are asked for at once hide nothing: what lives behind them is fetched', async () => {
    const game = await acquainted();
    vanished(game, 320);
    const ids = missed(game, 3);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(5000);
    expect([journaled(game, ids), standing(game)]).deep.equal([3, ['closed']]);
    game.checks.atRest();
  });

  it('C5 P11 messages far behind a long deleted stretch are found by a look ahead, and the ids between are asked for too', async () => {
    const game = await acquainted();
    vanished(game, 10_500);
    const lonely = missed(game, 1);
    vanished(game, 300);
    const ids = missed(game, 900);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(60_000);
    expect([journaled(game, lonely), journaled(game, ids)]).deep.equal([1, 900]);
    expect(called(game).length).most(300);
  });

  it('C5 a hole whose end nothing proves is lost, with what was found of it', async () => {
    const game = await acquainted();
    const ids = missed(game, 4);
    startAnew(game, 3);
    await game.clock.advance(60_000);
    expect([journaled(game, ids), standing(game)]).deep.equal([4, ['lost']]);
    expect(called(game).length).most(110);
    expect(game.store.state?.pts).equal(3);
  });

  it('C5 the first message after the goal proves the end, whatever became of the counter', async () => {
    const game = await acquainted();
    const ids = missed(game, 4);
    startAnew(game, 3);
    await game.clock.advance(1000);
    game.message();
    await game.clock.advance(2000);
    expect([journaled(game, [...ids, 106]), standing(game)]).deep.equal([5, ['closed']]);
    expect(called(game).length).most(20);
  });

  it('C5 where the highest id is known a deleted stretch is walked to the end, however long', async () => {
    const game = await quiet({ server: { channelTooLong: 5 } });
    const box = game.server.channel(21);
    game.post(21);
    await game.clock.advance(2000);
    vanished(game, 12_000, box);
    const ids = missed(game, 3, box);
    give(game, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(60_000);
    expect([journaled(game, ids, 'channel:21'), standing(game)]).deep.equal([3, ['closed']]);
    game.checks.atRest();
  });

  it('C5 ids that were deleted before the hole, and never seen, take nothing from it', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(500);
    vanished(game, 400);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(1000);
    Object.assign(game.server.limits, { tooLong: 5 });
    const ids = missed(game, 20);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(5000);
    expect([journaled(game, ids), standing(game)]).deep.equal([20, ['closed']]);
  });
});
