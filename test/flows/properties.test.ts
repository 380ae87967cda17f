import { expect } from 'chai';
import fc from 'fast-check';
import { property } from '../support/property.js';
import { Game, type Scenario } from './model/game.js';
import { noFaults, type Faults } from './model/mishaps.js';

const seed = fc.integer({ min: 1, max: 2 ** 30 });
const rate = (max: number) => fc.constantFrom(0, max / 4, max);

const anyFaults: fc.Arbitrary<Faults> = fc.record({
  storeFails: rate(0.2),
  sendFails: rate(0.4),
  crash: rate(0.02),
  forget: rate(0.4),
  stallMs: fc.constantFrom(0, 300, 5000),
});

/** Plays to the end; every message must stand where it belongs, once and in order. */
async function played(scenario: Scenario): Promise<Game> {
  const game = new Game(scenario);
  void game.boot();
  await game.play(scenario.moves);
  expect(await game.rest(60), 'it comes to rest').equal(true);
  expect(game.read()).deep.equal(game.written);
  return game;
}

describe('flows, properties', function () {
  this.timeout(120_000);

  it('P1 P2 P3 M1 M5 M6 under every fault at once each message stands where it belongs, once and in order', async () => {
    const scenario = fc.record({
      seed,
      moves: fc.integer({ min: 1, max: 25 }),
      clients: fc.integer({ min: 1, max: 4 }),
      faults: anyFaults,
    });
    await property(60, scenario, async (scenario) => void (await played(scenario)));
  });

  it('P13 M7 no call leaves during a wait that Telegram has asked for, whatever dies meanwhile', async () => {
    const scenario = fc.record({
      seed,
      moves: fc.integer({ min: 10, max: 60 }),
      clients: fc.integer({ min: 2, max: 12 }),
      faults: anyFaults,
      limit: fc.record({ perMinute: fc.integer({ min: 4, max: 20 }) }),
    });
    await property(40, scenario, async (scenario) => {
      expect((await played(scenario)).impatient).deep.equal([]);
    });
  });

  it('P13 M7 a topic that writes without end starves no other: the oldest message is next', async () => {
    const scenario = fc.record({ seed, clients: fc.integer({ min: 5, max: 90 }) });
    await property(10, scenario, async ({ seed, clients }) => {
      const game = new Game({ seed, clients: clients + 1, faults: noFaults, limit: { perMinute: 20 } });
      void game.boot();
      const [quiet, ...busy] = game.clients;
      for (const client of game.clients) game.write(client);
      expect(await game.rest(30), 'every dialog has its topic').equal(true);
      // Twice as much as the group takes, for ten minutes; after one of them somebody else has a word.
      const waitsMs: number[] = [];
      let askedMs = 0;
      for (let second = 0; second < 600; second += 1) {
        if (second % 3 !== 2) game.write(busy[game.random.int(busy.length)]!);
        if (second === 60) {
          game.write(quiet!);
          askedMs = game.clock.now();
        }
        await game.clock.advance(1000);
      }
      const post = game.town.read(true).findLast(({ topic }) => topic === game.topicOf(quiet!));
      waitsMs.push((post?.atMs ?? Infinity) - askedMs);
      // A minute of twice the limit lies before it: another minute, and the one that is under way.
      expect(Math.max(...waitsMs)).most(180_000);
    });
  });

  it('P14 an album is posted whole where its parts were journaled before anybody began, and in one row of posts always', async () => {
    const scenario = fc.record({
      seed,
      moves: fc.integer({ min: 1, max: 25 }),
      clients: fc.integer({ min: 1, max: 3 }),
      faults: anyFaults,
    });
    await property(60, scenario, async (scenario) => {
      const game = await played(scenario);
      for (const album of game.albums) expect(game.torn(album)).deep.equal([]);
    });
  });
});
