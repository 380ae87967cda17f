/** Examples of gotd and mtcute (mtproto.md §2.4), by their names; what other files here show already bears its name there. */
import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { keyOf, saidOf } from './model/checks.js';
import { pollMs, type Game } from './model/game.js';
import { noFaults } from './model/host.js';
import { called, give, quiet, refuse } from './model/quiet.js';
import { longOf } from './model/server.js';
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

describe('what gotd tests', () => {
  it('Manager_loadStateForget: an account whose state was erased begins anew, and what is journaled stays', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(100);
    Object.assign(game.store, { state: undefined });
    game.host.crash();
    await game.clock.advance(3000);
    expect(called(game)).deep.equal(['getState', 'getDifference']);
    expect([game.store.rows.size, game.store.state?.pts]).deep.equal([1, 11]);
  });

  it('loadChannelsMissingAccessHash, loadChannelsAllPresent: a stored channel is asked by its hash, or by none', async () => {
    const game = await acquainted();
    const asked: unknown[] = [];
    const answer = game.server.getChannelDifference.bind(game.server);
    game.server.getChannelDifference = async (channel, ...rest) => {
      asked.push(channel);
      return answer(channel, ...rest);
    };
    for (const accessHash of ['21', undefined]) {
      const channel = { id: 21, pts: 11, status: 'diff' as const, lastMsgId: 101 };
      game.store.state!.channels.set(21, { ...channel, ...(accessHash === undefined ? {} : { accessHash }) });
      game.host.crash();
      await game.clock.advance(3000);
    }
    expect(asked).deep.equal([{ id: 21, accessHash: '21' }, { id: 21 }]);
  });

  it('NewMessageUnknownSenderForcesDifference', async () => {
    const game = await quiet();
    game.host.known.clear();
    const update = missed(game.server.common, game, 12);
    game.host.push({ _: 'updates', updates: [update], users: [], chats: [], date: 1, seq: 0 });
    await game.clock.advance(500);
    expect(called(game)).deep.equal(['getDifference']);
    expect(sources(game, 'common', 101)).deep.equal(['difference']);
  });

  it('UpdateShortWrapped: a message in the short form of one update needs its sender too', async () => {
    const game = await quiet();
    game.host.known.clear();
    const short = (): tl.TypeUpdates => ({
      _: 'updateShort',
      update: missed(game.server.common, game, 12),
      date: 1,
    });
    game.host.push(short());
    await game.clock.advance(500);
    expect(called(game)).deep.equal(['getDifference']);
    game.host.push(short());
    await game.clock.advance(500);
    expect([called(game), sources(game, 'common', 101, 102)]).deep.equal([[], ['difference', 'push']]);
  });

  it('ShortMessageMinUserNotKnown: who is known only in short is not known', async () => {
    const game = await quiet();
    game.host.known.clear();
    const min: tl.TypeUser = { _: 'user', id: 12, min: true, accessHash: longOf(1), firstName: 'x' };
    game.host.push({ _: 'updates', updates: [], users: [min], chats: [], date: 1, seq: 0 });
    await game.clock.advance(100);
    missed(game.server.common, game, 12);
    game.host.push({
      _: 'updateShortMessage',
      id: 101,
      userId: 12,
      message: 'x',
      pts: 11,
      ptsCount: 1,
      date: 1,
    });
    await game.clock.advance(500);
    expect([called(game), sources(game, 'common', 101)]).deep.equal([['getDifference'], ['difference']]);
  });

  it('MinAccessHash: the hash of a shortened channel is not taken, that of a full one is', async () => {
    const game = await acquainted();
    const chat = (hash: number, min: boolean): tl.TypeChat => ({
      _: 'channel',
      id: 21,
      accessHash: longOf(hash),
      title: 'x',
      photo: { _: 'chatPhotoEmpty' },
      date: 0,
      ...(min ? { min } : {}),
    });
    for (const [hash, min, expected] of [
      [5, true, '21'],
      [6, false, '6'],
    ] as const) {
      game.host.push({ _: 'updates', updates: [], users: [], chats: [chat(hash, min)], date: 1, seq: 0 });
      await game.clock.advance(100);
      expect(game.store.state?.channels.get(21)?.accessHash).equal(expected);
    }
  });

  it('channel differences side by side: a failed one gives its place to the next, and each channel asks once at a time', async () => {
    const game = await quiet({ core: { channelsAtOnce: 2 } });
    for (const id of [31, 32, 33, 34]) game.post(id);
    refuse(game, 'getChannelDifference', [500, 'x'], [420, 'FLOOD_WAIT', 60]);
    await game.clock.advance(5000);
    const [live, waiting] = [[...game.store.state!.channels.values()], called(game)];
    expect(live.filter(({ status }) => status === 'live')).length(3);
    expect(waiting).length(5);
    await game.clock.advance(60_000);
    expect([...game.store.state!.channels.values()].every(({ status }) => status === 'live')).equal(true);
  });

  it('AffectedHook: the box is the channel that the request names, whatever field names it', async () => {
    const channel: tl.TypeInputChannel = { _: 'inputChannel', channelId: 21, accessHash: longOf(21) };
    const peer: tl.TypeInputPeer = { _: 'inputPeerChannel', channelId: 21, accessHash: longOf(21) };
    const user: tl.TypeInputPeer = { _: 'inputPeerUser', userId: 11, accessHash: longOf(11) };
    const messages = { _: 'messages.affectedMessages' };
    const history = { _: 'messages.affectedHistory', offset: 0 };
    const found = { _: 'messages.affectedFoundMessages', offset: 0, messages: [] };
    const cases: [request: tl.RpcMethod, answer: object, box: 'common' | 'channel'][] = [
      [{ _: 'messages.readHistory', peer: user, maxId: 1 }, messages, 'common'],
      [{ _: 'messages.readMessageContents', id: [1] }, messages, 'common'],
      [{ _: 'messages.deleteMessages', id: [1] }, messages, 'common'],
      [{ _: 'messages.deleteHistory', peer: user, maxId: 0 }, history, 'common'],
      [{ _: 'messages.deletePhoneCallHistory' }, found, 'common'],
      [{ _: 'channels.deleteMessages', channel, id: [1] }, messages, 'channel'],
      [{ _: 'messages.deleteHistory', peer, maxId: 0 }, history, 'channel'],
      [{ _: 'channels.deleteParticipantHistory', channel, participant: user }, history, 'channel'],
      [{ _: 'messages.unpinAllMessages', peer }, history, 'channel'],
    ];
    const game = await acquainted();
    const at = { common: 10, channel: 11 };
    for (const [request, answer, box] of cases) {
      at[box] += 1;
      game.host.engine?.onResult(request, { ...answer, pts: at[box], ptsCount: 1 });
      await game.clock.advance(50);
      const { state } = game.store;
      expect({ common: state?.pts, channel: state?.channels.get(21)?.pts }, request._).deep.equal(at);
    }
    expect(called(game)).deep.equal([]);
  });

  it('E2E: a fifth is lost, two feeders push at once, then updatePtsChanged and updateChannelTooLong: we say what Telegram says', async () => {
    const game = await quiet({ seed: 7 });
    game.post(21);
    game.post(22);
    await game.clock.advance(2000);
    const above = new Map([
      ['channel:21', game.server.channel(21).lastId],
      ['channel:22', game.server.channel(22).lastId],
    ]);
    game.host.faults = { ...noFaults, drop: 0.2, delayMs: 300 };
    const feed = async (post: () => unknown) => {
      for (let turn = 0; turn < 200; turn += 1) {
        post();
        await game.clock.sleep(game.random.pick([0, 5, 40]));
      }
    };
    const feeders = [feed(() => game.message()), feed(() => game.post(game.random.pick([21, 22])))];
    await game.clock.advance(20_000);
    await Promise.all(feeders);
    game.host.faults = noFaults;
    give(game, { _: 'updatePtsChanged' }, { _: 'updateChannelTooLong', channelId: 21 });
    await game.clock.advance(5000);
    expect(game.store.state).include({ pts: game.server.common.pts, qts: game.server.qts });
    const told = saidOf(game.server, game.store, above) as { name: string; order: number[] }[];
    const alive = [game.server.common, game.server.channel(21), game.server.channel(22)].map((box) =>
      box.alive().filter(({ id }) => id > (above.get(`channel:${box.channel ?? 0}`) ?? 0)),
    );
    expect(told.map(({ order }) => order)).deep.equal(alive.map((box) => box.map(({ id }) => id)));
    game.checks.atRest();
  });
});

describe('what mtcute tests', () => {
  it('a channel that was closed to us is not asked again until somebody says that it changed', async () => {
    const game = await acquainted();
    game.server.closedChannels.add(21);
    game.host.push({ _: 'updatesTooLong' });
    missed(game.server.channel(21), game);
    await game.clock.advance(2000);
    expect(game.store.state?.channels.get(21)?.status).equal('inaccessible');
    called(game);
    await game.clock.advance(pollMs / 2);
    expect(called(game)).deep.equal([]);
  });

  it('a channel that refuses to say where it stands is closed, and the account goes on', async () => {
    const game = await quiet();
    game.server.closedChannels.add(21);
    give(game, { _: 'updateChannel', channelId: 21 });
    await game.clock.advance(1000);
    expect(called(game)).deep.equal(['getChannelState']);
    game.message();
    await game.clock.advance(100);
    expect(sources(game, 'common', 101)).deep.equal(['push']);
  });
});
