import { expect } from 'chai';
import { keyOf } from './model/checks.js';
import { Game } from './model/game.js';
import { noFaults } from './model/host.js';
import { called, quiet } from './model/quiet.js';

describe('engine runner', () => {
  it('P4 appends before it advances, and wakes ingest after both', async () => {
    const game = await quiet();
    const seen: string[] = [];
    game.store.gate = async (operation) => {
      seen.push(operation);
      return 'done';
    };
    game.message();
    await game.clock.advance(100);
    expect([seen, game.host.journaled]).deep.equal([['append', 'advance'], 1]);
  });

  it('P4 a store that fails in every way is asked again with the same rows until it holds', async () => {
    const game = await quiet();
    const fates = [
      'before',
      'partly',
      'after',
      'before',
      'after',
      'done',
      'before',
      'after',
      'done',
    ] as const;
    let turn = 0;
    game.store.gate = async () => fates[turn++] ?? 'done';
    game.message();
    game.message();
    await game.clock.advance(60_000);
    expect(turn).least(7);
    expect([...game.store.rows.values()].map(({ ord }) => ord % 2 ** 32)).deep.equal([0, 1]);
    game.checks.atRest();
  });

  it('I14 while the store does not keep up reading stops, nothing is fetched and nothing is dropped', async () => {
    const game = await quiet({ core: { maxUnconfirmed: 20 }, server: { slice: 5 } });
    let open = false;
    let release: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (release = resolve));
    game.store.gate = async () => {
      if (!open) await opened;
      return 'done';
    };
    for (let message = 0; message < 40; message += 1) {
      game.message();
      await game.clock.advance(10);
    }
    expect(game.host.paused).equal(true);
    game.host.engine?.onEvent('tooLong');
    await game.clock.advance(5000);
    expect(called(game)).deep.equal([]);
    expect(game.host.engine?.health().unconfirmed).most(22);
    open = true;
    release();
    await game.clock.advance(5000);
    expect(game.host.paused).equal(false);
    expect(game.store.rows.size).equal(40);
    game.checks.atRest();
  });

  it('I14 what waits for a missing update is bounded: too much of it is dropped for a difference', async () => {
    const game = await quiet({ core: { maxWaiting: 10, gapMs: 60_000 } });
    game.server.write(game.server.common, 11, 'missed');
    for (let message = 0; message < 30; message += 1) game.message();
    expect(game.host.engine?.health().waiting).most(11);
    await game.clock.advance(1000);
    expect(game.store.rows.size).equal(31);
    game.checks.atRest();
  });

  it('a loaded state goes on without getState; none begins with it (gotd Manager_loadStateFound, NotFound)', async () => {
    const game = new Game({ seed: 1, faults: noFaults });
    await game.start();
    expect(called(game)).deep.equal(['getState', 'getDifference']);
    game.host.crash();
    await game.clock.advance(3000);
    expect(called(game)).deep.equal(['getDifference']);
  });

  it('C6 rows of a later fence stand after all rows of an earlier one, whatever the store remembers', async () => {
    const game = await quiet();
    game.message();
    await game.clock.advance(100);
    game.store.load = async () =>
      game.store.state && { ...game.store.state, channels: [], openHoles: [], ord: 0 };
    game.host.crash();
    await game.clock.advance(3000);
    game.message();
    await game.clock.advance(100);
    const ords = [101, 102].map((id) => game.store.rows.get(keyOf('n', 'common', id))!.ord);
    expect(ords.map((ord) => Math.floor(ord / 2 ** 32))).deep.equal([1, 2]);
  });

  it('C6 an engine whose fence is stale does not start, and writes nothing', async () => {
    const game = await quiet();
    game.host.reboots = false;
    game.host.crash();
    game.store.fence = 99;
    const before = game.store.state;
    void game.host.boot();
    await game.clock.advance(2000);
    expect(called(game)).deep.equal([]);
    expect(game.store.state).equal(before);
  });

  it('stop takes nothing more in, waits for what was applied, and leaves no timer', async () => {
    const game = await quiet();
    const { engine } = game.host;
    game.message();
    const stopped = engine!.stop();
    await game.clock.advance(100);
    await stopped;
    game.message();
    await game.clock.advance(100);
    expect([...game.store.rows.keys()]).deep.equal([keyOf('n', 'common', 101)]);
    expect([game.store.state?.pts, game.clock.pending]).deep.equal([11, 0]);
    const refused = await engine!.resync().catch((error: unknown) => error);
    expect(refused).include({ code: 'TELEGRAM_UNREACHABLE' });
  });

  it('resync resolves when what the difference brought is journaled', async () => {
    const game = await quiet();
    game.server.write(game.server.common, 11, 'x');
    let done = false;
    void game.host.engine?.resync().then(() => (done = game.store.rows.size === 1));
    await game.clock.advance(1000);
    expect(done).equal(true);
  });

  it('C5 what the normaliser fails at becomes a hole, never silence', async () => {
    const game = await quiet();
    const { common } = game.server;
    const logged = game.server.write(common, 11, 'x');
    const update = common.updateOf(logged);
    if (update._ === 'updateNewMessage' && update.message._ === 'message')
      Object.defineProperty(update.message, 'out', {
        get: () => {
          throw new Error('poison');
        },
      });
    game.host.push(game.container([update]));
    game.message();
    await game.clock.advance(500);
    expect([...game.store.holes.values()].map(({ reason, from, to }) => [reason, from, to])).deep.equal([
      ['unreadable', 10, 11],
    ]);
    expect(game.store.state?.pts).equal(12);
  });
});
