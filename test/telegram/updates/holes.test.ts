import { expect } from 'chai';
import type { Game } from './model/game.js';
import { give, quiet, refuse } from './model/quiet.js';

/** Messages that nobody pushed. */
function missed(game: Game, count: number, box = game.server.common): void {
  for (let message = 0; message < count; message += 1) game.server.write(box, 11, 'x');
}

/** What the engine has told of its holes, in order. */
const told = ({ host }: Game): string[] =>
  host.holes.map((event) => `${event.type} ${event.type === 'opened' ? event.hole._id : event.id}`);

/** How each hole stands. */
const standing = ({ store }: Game): Record<string, string> =>
  Object.fromEntries(
    [...store.holes].map(([id, { closedAt, lostAt }]) => [
      id,
      closedAt !== undefined ? 'closed' : lostAt === undefined ? 'open' : 'lost',
    ]),
  );

/** Telegram answers no question of this kind until the returned function is called. */
function silence(game: Game, method: 'getMessages'): () => void {
  let release: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (release = resolve));
  const answer = game.server[method].bind(game.server);
  game.server[method] = async (...args) => {
    await opened;
    return answer(...args);
  };
  return release;
}

/** A message stands in the common box, ten are missed, and Telegram will not replay them. */
async function jumped(): Promise<Game> {
  const game = await quiet({ server: { tooLong: 5 } });
  game.message();
  await game.clock.advance(500);
  missed(game, 10);
  return game;
}

describe('holes', () => {
  it('C5 a hole that was fetched is told as opened and closed', async () => {
    const game = await jumped();
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    expect(told(game)).deep.equal(['opened c1-common-pts-11', 'closed c1-common-pts-11']);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'closed' });
  });

  it('C5 a hole whose ids Telegram refuses is lost, for good', async () => {
    const game = await jumped();
    refuse(game, 'getMessages', [400, 'MSG_ID_INVALID']);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    for (let message = 0; message < 5; message += 1) game.message();
    await game.clock.advance(1000);
    expect(told(game)).deep.equal(['opened c1-common-pts-11', 'lost c1-common-pts-11']);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'lost' });
  });

  it('C5 a hole before the first message is lost: there is no id to begin at', async () => {
    const game = await quiet({ server: { tooLong: 5 } });
    missed(game, 10);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    expect(standing(game)).deep.equal({ 'c1-common-pts-10': 'lost' });
  });

  it('C5 a hole that was being fetched when the process died is closed when Telegram replays the stretch after all', async () => {
    const game = await jumped();
    const release = silence(game, 'getMessages');
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(500);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'open' });
    game.host.crash();
    release();
    Object.assign(game.server.limits, { tooLong: 1000 });
    await game.clock.advance(5000);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'closed' });
    expect(game.store.rows.size, 'rows').equal(11);
    game.checks.atRest();
  });

  it('C5 after a crash the same hole is found again, fetched and closed', async () => {
    const game = await jumped();
    const release = silence(game, 'getMessages');
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(500);
    game.host.crash();
    release();
    await game.clock.advance(5000);
    expect(told(game).at(-1)).equal('closed c1-common-pts-11');
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'closed' });
    game.checks.atRest();
  });

  it('C5 a channel that closes while its hole is fetched loses it, and finds it again when it opens', async () => {
    const game = await quiet({ server: { channelTooLong: 5 } });
    const { server } = game;
    const box = server.channel(21);
    game.post(21);
    await game.clock.advance(2000);
    missed(game, 10, box);
    refuse(game, 'getMessages', [400, 'CHANNEL_PRIVATE']);
    give(game, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(3000);
    expect(standing(game)).deep.equal({ 'c1-channel-21-pts-11': 'lost' });
    give(game, { _: 'updateChannel', channelId: 21 });
    await game.clock.advance(3000);
    expect(told(game)).deep.equal([
      'opened c1-channel-21-pts-11',
      'lost c1-channel-21-pts-11',
      'opened c1-channel-21-pts-11',
      'closed c1-channel-21-pts-11',
    ]);
    game.checks.atRest();
  });

  it('C5 the same, when Telegram replays the stretch once the channel is open', async () => {
    const game = await quiet({ server: { channelTooLong: 5 } });
    const box = game.server.channel(21);
    game.post(21);
    await game.clock.advance(2000);
    missed(game, 10, box);
    refuse(game, 'getMessages', [400, 'CHANNEL_PRIVATE']);
    give(game, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(3000);
    Object.assign(game.server.limits, { channelTooLong: 1000 });
    give(game, { _: 'updateChannel', channelId: 21 });
    await game.clock.advance(3000);
    expect(standing(game)).deep.equal({ 'c1-channel-21-pts-11': 'closed' });
    expect(game.store.rows.size, 'rows').equal(11);
  });

  it('C5 a counter that fell and grows again past its old place closes no hole', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(500);
    refuse(game, 'getMessages', [400, 'MSG_ID_INVALID']);
    refuse(game, 'getDifference', [400, 'PERSISTENT_TIMESTAMP_INVALID']);
    const state = game.server.getState.bind(game.server);
    game.server.getState = async () => ({ ...(await state()), pts: 5 });
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(3000);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'lost' });
    game.server.getState = state;
    for (let message = 0; message < 20; message += 1) game.message();
    await game.clock.advance(60_000);
    expect(game.store.state?.pts).above(20);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'lost' });
  });

  it('C5 nor does it close one that was being fetched when it fell', async () => {
    const game = await jumped();
    const release = silence(game, 'getMessages');
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(500);
    Object.assign(game.server.common, { pts: 3, log: [] });
    give(game, { _: 'updatePtsChanged' });
    release();
    await game.clock.advance(60_000);
    expect(standing(game)).deep.equal({ 'c1-common-pts-11': 'lost' });
    for (let message = 0; message < 20; message += 1) game.message();
    await game.clock.advance(1000);
    expect([game.store.state?.pts, standing(game)]).deep.equal([23, { 'c1-common-pts-11': 'lost' }]);
  });

  it('C5 what cannot be read is lost', async () => {
    const game = await quiet();
    const { common } = game.server;
    const update = common.updateOf(game.server.write(common, 11, 'x'));
    if (update._ === 'updateNewMessage' && update.message._ === 'message')
      Object.defineProperty(update.message, 'out', {
        get: () => {
          throw new Error('poison');
        },
      });
    game.host.push(game.container([update]));
    await game.clock.advance(500);
    expect(Object.values(standing(game))).deep.equal(['lost']);
    expect(game.host.holes.map(({ type }) => type)).deep.equal(['opened', 'lost']);
  });
});
