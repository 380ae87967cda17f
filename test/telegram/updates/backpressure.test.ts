import { expect } from 'chai';
import fc from 'fast-check';
import { property } from '../../support/property.js';
import { Game } from './model/game.js';
import { noFaults } from './model/host.js';
import type { Fate } from './model/memory-store.js';
import { quiet } from './model/quiet.js';
import { seeded } from './model/random.js';

const limits = { maxUnconfirmed: 60, maxWaiting: 40 };
const slice = 10;
/** What was asked before the limit was met still comes: a slice for each of the three boxes, and what waited for it. */
const underWay = 3 * (slice + limits.maxWaiting + 2);

/** Every store operation takes some time, some hang for long, some fail. */
function slow(game: Game, seed: number, { hangs, longMs }: { hangs: number; longMs: number }): void {
  const luck = seeded(seed);
  game.store.gate = async () => {
    await game.clock.sleep(luck.chance(hangs) ? luck.int(longMs) : luck.int(20));
    return luck.pick<Fate>(['done', 'done', 'done', 'before', 'partly', 'after']);
  };
}

describe('a store that does not keep up', function () {
  this.timeout(60_000);

  it('I14 P1 P2 P3 M1 however slow it is, what the engine holds stays bounded, reading stops instead, and all arrives once and in order', async () => {
    const scenario = fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      updates: fc.integer({ min: 50, max: 400 }),
      hangs: fc.constantFrom(0.1, 0.5, 1),
      longMs: fc.constantFrom(1000, 20_000),
      drop: fc.constantFrom(0, 0.1),
    });
    await property(40, scenario, async ({ seed, updates, drop, ...how }) => {
      const game = new Game({ seed, faults: noFaults, core: limits, server: { slice } });
      await game.start();
      slow(game, seed, how);
      game.host.faults = { ...noFaults, drop };
      let stopped = 0;
      for (let update = 0; update < updates; update += 1) {
        if (game.random.chance(0.7)) game.message();
        else game.post(game.random.pick([21, 22]));
        const { unconfirmed = 0, waiting = 0 } = game.host.engine?.health() ?? {};
        expect(unconfirmed).most(limits.maxUnconfirmed + underWay);
        expect(waiting).most(3 * (limits.maxWaiting + 2));
        stopped += game.host.paused ? 1 : 0;
        if (update % 5 === 0) await game.clock.advance(game.random.pick([0, 5, 30]));
      }
      if (how.hangs === 1 && how.longMs > 1000 && updates > 200) expect(stopped).above(0);
      await game.clock.advance(600_000);
      game.store.gate = async () => 'done';
      await game.rest();
      expect(game.host.paused).equal(false);
    });
  });

  it('I14 while reading is stopped nothing is dropped: what comes after is taken from the socket, not from a difference', async () => {
    const game = await quiet({ core: { maxUnconfirmed: 100, pollMs: 3_600_000 } });
    let release: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (release = resolve));
    game.store.gate = async () => {
      await opened;
      return 'done';
    };
    const most: number[] = [];
    for (let message = 0; message < 1000; message += 1) {
      game.message();
      most.push(game.host.engine?.health().unconfirmed ?? 0);
    }
    await game.clock.advance(300_000);
    expect([game.host.paused, Math.max(...most) <= 102, game.store.rows.size]).deep.equal([true, true, 0]);
    game.host.calls.length = 0;
    release();
    game.store.gate = async () => 'done';
    await game.clock.advance(10_000);
    expect([game.host.paused, game.store.rows.size]).deep.equal([false, 1000]);
    expect([...game.store.rows.values()].every(({ source }) => source === 'push')).equal(true);
    expect(game.host.calls).deep.equal([]);
    game.checks.atRest();
  });
});
