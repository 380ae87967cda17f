import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import type { Game } from './model/game.js';
import { called, give, quiet, refuse } from './model/quiet.js';

const journaled = ({ store }: Game, ...ids: number[]) =>
  ids.map((id) => store.rows.get(keyOf('n', 'channel:21', id))?.source);
const stored = ({ store }: Game, id = 21) => store.state?.channels.get(id);

/** A message in channel 21 that nobody pushed. */
function missed(game: Game, count = 1): void {
  const box = game.server.channel(21);
  for (let message = 0; message < count; message += 1) game.server.write(box, 11, 'x');
}

/** Channel 21 is followed, its counter settled. */
async function acquainted(options: Parameters<typeof quiet>[0] = {}): Promise<Game> {
  const game = await quiet(options);
  game.post(21);
  await game.clock.advance(2000);
  called(game);
  return game;
}

/** The store answers nothing until the returned function is called. */
function hold(game: Game): () => void {
  let release: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (release = resolve));
  game.store.gate = async () => {
    await opened;
    return 'done';
  };
  return release;
}

describe('channels', () => {
  it('a channel first seen begins just before its first update; half a second later the difference from there follows', async () => {
    const game = await quiet();
    const box = game.server.channel(21);
    const [first, second] = [game.server.write(box, 11, 'x'), game.server.write(box, 11, 'y')];
    game.tell(box, second);
    await game.clock.advance(100);
    expect(stored(game)).include({ pts: 11, status: 'diff', accessHash: '21', lastMsgId: 101 });
    game.tell(box, first);
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getChannelDifference']);
    expect(journaled(game, 101, 102)).deep.equal(['difference', 'difference']);
    expect(stored(game)).include({ pts: 12, status: 'live' });
  });

  it('first seen by a read at pts X, then the message at pts X; and a migrated chat with (1,0), (2,1)', async () => {
    const game = await quiet();
    const box = game.server.channel(21);
    const logged = game.server.write(box, 11, 'x');
    give(game, {
      _: 'updateReadChannelInbox',
      channelId: 21,
      maxId: 101,
      stillUnreadCount: 0,
      pts: logged.pts,
    });
    game.tell(box, logged);
    const migrated = game.server.channel(22);
    migrated.pts = 1;
    give(game, { _: 'updatePinnedChannelMessages', channelId: 22, messages: [], pts: 1, ptsCount: 0 });
    game.tell(migrated, game.server.write(migrated, 11, 'x'));
    await game.clock.advance(2000);
    expect(journaled(game, 101)).deep.equal(['difference']);
    expect(game.store.rows.has(keyOf('n', 'channel:22', 101))).equal(true);
  });

  it('a message older than the guessed start comes late: the channel goes back to it, and nothing is taken twice', async () => {
    const game = await quiet();
    const box = game.server.channel(21);
    const [first, second] = [game.server.write(box, 11, 'x'), game.server.write(box, 11, 'y')];
    game.tell(box, second);
    await game.clock.advance(3000);
    expect(journaled(game, 101, 102)).deep.equal([undefined, 'difference']);
    game.tell(box, first);
    await game.clock.advance(1000);
    expect(journaled(game, 101, 102)).deep.equal(['difference', 'difference']);
    expect(stored(game)).include({ pts: 12, status: 'live' });
  });

  it('P5 on its way back a late push is not taken: the difference knows that the message is gone', async () => {
    const game = await quiet({ server: { slice: 1 } });
    const box = game.server.channel(21);
    const [first, ghost] = [game.server.write(box, 11, 'x'), game.server.write(box, 11, 'y')];
    const late = box.updateOf(ghost);
    const earliest = box.updateOf(first);
    game.post(21);
    await game.clock.advance(2000);
    game.tell(box, box.delete([102], 1));
    await game.clock.advance(1000);
    give(game, earliest);
    await game.clock.advance(1);
    give(game, late);
    await game.clock.advance(2000);
    expect(journaled(game, 101, 102, 103)).deep.equal(['difference', undefined, 'difference']);
    expect(stored(game)).include({ pts: 14, status: 'live' });
  });

  it('P4 the start of a channel is durable before its first row, however far the store is behind', async () => {
    const game = await quiet();
    const release = hold(game);
    game.message();
    game.post(21);
    await game.clock.advance(1500);
    const append = game.store.append.bind(game.store);
    const starts: unknown[] = [];
    game.store.append = async (owner, fence, rows) => {
      if (rows.some((row) => row.box === 'channel:21')) starts.push(stored(game)?.pts);
      await append(owner, fence, rows);
    };
    release();
    await game.clock.advance(1000);
    expect(starts).deep.equal([10]);
  });

  it('P11 a hole names a start that is durable, so that a crash finds the same hole again', async () => {
    const game = await acquainted({ server: { channelTooLong: 5 } });
    const record = game.store.recordHole.bind(game.store);
    const found: unknown[] = [];
    game.store.recordHole = async (owner, fence, hole) => {
      found.push([hole.from, stored(game)?.pts]);
      await record(owner, fence, hole);
    };
    const release = hold(game);
    for (let round = 0; round < 2; round += 1) {
      missed(game, 7);
      game.post(21);
      await game.clock.advance(2000);
    }
    release();
    await game.clock.advance(1000);
    expect(found).deep.equal([
      [11, 11],
      [19, 19],
    ]);
  });

  it('a gap waits half a second, then asks the channel only (grammers channel_timeout)', async () => {
    const game = await acquainted();
    missed(game);
    game.post(21);
    await game.clock.advance(499);
    expect(called(game)).deep.equal([]);
    await game.clock.advance(400);
    expect(called(game)).deep.equal(['getChannelDifference']);
    expect(journaled(game, 102, 103)).deep.equal(['difference', 'difference']);
  });

  it('a read that names a later pts shows that a message is missing', async () => {
    const game = await acquainted();
    missed(game);
    give(game, { _: 'updateReadChannelInbox', channelId: 21, maxId: 102, stillUnreadCount: 0, pts: 12 });
    await game.clock.advance(1000);
    expect(journaled(game, 102)).deep.equal(['difference']);
  });

  it('a difference of the account names channels that moved; one we have already is not asked', async () => {
    const game = await acquainted();
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getDifference']);
    missed(game);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getDifference', 'getChannelDifference']);
  });

  it('C5 a channel whose difference was due at a crash is asked at the next start, though the account counter has moved on', async () => {
    const game = await acquainted();
    missed(game);
    refuse(game, 'getChannelDifference', [500, 'x'], [500, 'x']);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(1000);
    expect(stored(game)).include({ pts: 11, status: 'diff' });
    game.host.crash();
    game.server.channel(21).changedAt = 0;
    await game.clock.advance(5000);
    expect(journaled(game, 102)).deep.equal(['difference']);
  });

  it('temporary trouble keeps the channel and its counter (grammers channel_issues)', async () => {
    const game = await acquainted();
    missed(game);
    refuse(game, 'getChannelDifference', [500, 'PERSISTENT_TIMESTAMP_OUTDATED']);
    game.post(21);
    await game.clock.advance(3000);
    expect(called(game)).deep.equal(['getChannelDifference', 'getChannelDifference']);
    expect(journaled(game, 102, 103)).deep.equal(['difference', 'difference']);
  });

  it('CHANNEL_PRIVATE closes the channel: what was pushed is journaled, the rest is a hole, until updateChannel opens it (grammers channel_ban, gotd ChannelStateInaccessible)', async () => {
    const game = await acquainted();
    missed(game);
    game.server.closedChannels.add(21);
    game.post(21);
    await game.clock.advance(1000);
    expect(stored(game)?.status).equal('inaccessible');
    expect(journaled(game, 102, 103)).deep.equal([undefined, 'push']);
    expect([...game.store.holes.values()].map(({ reason, from, to }) => [reason, from, to])).deep.equal([
      ['inaccessible', 11, 12],
    ]);
    game.server.closedChannels.clear();
    missed(game);
    called(game);
    give(game, { _: 'updateChannel', channelId: 21 });
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getChannelDifference']);
    expect(stored(game)?.status).equal('live');
    expect(journaled(game, 104)).deep.equal(['difference']);
  });

  it('a service message in a channel is applied though its people are unknown: it may be our own removal', async () => {
    const game = await acquainted();
    game.server.closedChannels.add(21);
    const action = { _: 'messageActionChatDeleteUser', userId: 1 } as const;
    const message = {
      _: 'messageService',
      id: 102,
      peerId: { _: 'peerChannel', channelId: 21 },
      fromId: { _: 'peerUser', userId: 777 },
      date: 1,
      action,
    } as const;
    give(game, { _: 'updateNewChannelMessage', message, pts: 12, ptsCount: 1 });
    await game.clock.advance(100);
    expect(called(game)).deep.equal([]);
    expect(stored(game)?.pts).equal(12);
  });

  it('P11 channelDifferenceTooLong is fetched by id before the channel goes on, so order holds', async () => {
    const game = await acquainted({ server: { channelTooLong: 5 } });
    missed(game, 130);
    game.post(21);
    await game.clock.advance(600);
    game.post(21);
    await game.clock.advance(2000);
    expect(called(game)).deep.equal([
      'getChannelDifference',
      'getMessages',
      'getMessages',
      'getChannelDifference',
    ]);
    expect(journaled(game, 102, 231, 232, 233)).deep.equal(['backfill', 'backfill', 'backfill', 'push']);
    expect(await game.store.countOpenHoles()).equal(0);
    game.checks.atRest();
  });

  it('an empty difference may carry a larger pts for bots', async () => {
    const game = await acquainted();
    game.server.channel(21).pts += 5;
    game.post(21);
    await game.clock.advance(1000);
    expect(stored(game)?.pts).equal(17);
    expect(journaled(game, 102)).deep.equal(['difference']);
  });

  it('asks at most ten channels at once', async () => {
    const game = await quiet();
    let [now, most] = [0, 0];
    const ask = game.server.getChannelDifference.bind(game.server);
    game.server.getChannelDifference = async (...args) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => void game.clock.setTimer(1000, resolve));
      now -= 1;
      return ask(...args);
    };
    for (let id = 100; id < 125; id += 1) game.post(id);
    await game.clock.advance(6000);
    expect([most, now, called(game).length]).deep.equal([10, 0, 25]);
    expect([...game.store.state!.channels.values()].every(({ status }) => status === 'live')).equal(true);
  });
});
