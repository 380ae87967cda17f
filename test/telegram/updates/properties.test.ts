import { expect } from 'chai';
import fc from 'fast-check';
import { intensity, property } from '../../support/property.js';
import { saidOf } from './model/checks.js';
import { Game, play, pollMs, type Scenario } from './model/game.js';
import { Host, noFaults, type Faults } from './model/host.js';
import { seeded } from './model/random.js';

const rate = (max: number) => fc.constantFrom(0, max / 4, max);

const anyFaults: fc.Arbitrary<Faults> = fc.record({
  drop: rate(0.5),
  duplicate: rate(0.5),
  delayMs: fc.constantFrom(0, 100, 450, 3000),
  minPeers: rate(0.5),
  undecodable: rate(0.1),
  callFails: fc.constantFrom(0, 0.125, 0.5, 0.95),
  storeFails: rate(0.4),
  crash: rate(0.05),
  disconnect: rate(0.1),
});

const seed = fc.integer({ min: 1, max: 2 ** 30 });

/** Without edits (a difference collapses them) and messages of our own (an answer makes their row needless). */
function keysOf({ store, server }: Game): string[] {
  const boxes = [server.common, ...server.channels.values()];
  const own = new Set(
    boxes.flatMap((box) =>
      [...box.messages.values()]
        .filter(({ randomId }) => randomId)
        .map(({ id }) => `${box.channel ?? 'common'}-${id}`),
    ),
  );
  const isOwn = (box: string, id = 0) => own.has(`${box.replace('channel:', '')}-${id}`);
  const rows = [...store.rows.values()].filter(
    (row) => row.kind !== 'edit' && !(row.kind === 'new' && isOwn(row.box, row.msgId)),
  );
  return rows.map((row) => row._id).toSorted();
}

/** All engines know both channels before the game begins: where they begin is luck, what follows is not. */
async function playAcquainted({ seed, moves, faults }: Scenario): Promise<unknown> {
  const game = new Game({ seed, faults });
  await game.start();
  game.post(21);
  game.post(22);
  await game.clock.advance(2 * pollMs);
  const above = new Map([
    ['channel:21', game.server.channel(21).lastId],
    ['channel:22', game.server.channel(22).lastId],
  ]);
  await game.play(moves);
  await game.rest();
  return saidOf(game.server, game.store, above);
}

describe('update engine, properties', function () {
  this.timeout(20_000 * intensity);

  it('P1 P2 P3 P4 P5 P6 P10 P12 C5 M1 under every fault at once the journal is complete, single, ordered, and never behind the counters', async () => {
    const scenario = fc.record({ seed, moves: fc.integer({ min: 1, max: 60 }), faults: anyFaults });
    await property(150, scenario, async (scenario) => {
      const game = await play(scenario);
      expect(game.host.terminal.filter((error) => error.code !== 'STALE_FENCE')).deep.equal([]);
    });
  });

  it('P1 P11 C5 slices and TooLong of both kinds lose nothing: each becomes a hole that the backfill closes', async () => {
    const limits = fc.record({
      slice: fc.integer({ min: 1, max: 6 }),
      tooLong: fc.integer({ min: 2, max: 8 }),
      channelTooLong: fc.integer({ min: 2, max: 8 }),
    });
    const scenario = fc.record({
      seed,
      moves: fc.integer({ min: 5, max: 60 }),
      faults: anyFaults,
      server: limits,
    });
    await property(100, scenario, async (scenario) => {
      const game = await play(scenario);
      const open = [...game.store.holes.values()].filter((hole) => hole.closedAt === undefined);
      expect(open.filter((hole) => hole.afterMsgId > 0)).deep.equal([]);
    });
  });

  it('P7 the same difference taken twice leaves the same journal', async () => {
    const scenario = fc.record({ seed, moves: fc.integer({ min: 5, max: 50 }), faults: anyFaults });
    await property(40, scenario, async ({ seed, faults, moves }) => {
      const game = new Game({ seed, faults });
      await game.start();
      const { state } = game.store;
      const before = state && { ...state, channels: new Map(state.channels) };
      await game.play(moves);
      await game.rest();
      const keys = keysOf(game);
      game.store.state = before;
      game.host.crash();
      await game.rest();
      expect(keysOf(game)).deep.equal(keys);
    });
  });

  it('P8 P9 pushed in order, shuffled within half a second, lost half or in whole: the journal says the same', async () => {
    const weathers: Partial<Faults>[] = [
      {},
      { delayMs: 450 },
      { drop: 0.5 },
      { drop: 1 },
      { drop: 0.3, delayMs: 3000, duplicate: 0.5 },
    ];
    await property(
      30,
      fc.record({ seed, moves: fc.integer({ min: 5, max: 50 }), faults: fc.constant(noFaults) }),
      async (scenario) => {
        const said = [];
        for (const weather of weathers)
          said.push(await playAcquainted({ ...scenario, faults: { ...noFaults, ...weather } }));
        for (const other of said) expect(other).deep.equal(said[0]);
      },
    );
  });

  it('P3 P6 M1 while Telegram answers no question, what it pushes whole and in order is journaled as it comes', async () => {
    const faults = fc.record({ duplicate: rate(0.5) });
    const scenario = fc.record({ seed, moves: fc.integer({ min: 5, max: 60 }), faults });
    await property(40, scenario, async ({ seed, moves, faults }) => {
      const game = new Game({ seed, faults: noFaults });
      await game.start();
      game.post(21);
      game.post(22);
      await game.clock.advance(2 * pollMs);
      // Each has landed and moved once: where it begins is no guess any more.
      game.post(21);
      game.post(22);
      game.host.faults = { ...noFaults, ...faults, callFails: 1 };
      game.host.engine?.onEvent('reconnected');
      await game.play(moves);
      await game.clock.advance(1000);
      game.checks.atRest();
      await game.rest();
    });
  });

  it('C6 P16 two engines under two fences: the older one stops at its next write, and the journal is whole', async () => {
    const scenario = fc.record({
      seed,
      moves: fc.integer({ min: 10, max: 50 }),
      faults: fc.constant({ ...noFaults, delayMs: 450, drop: 0.2, storeFails: 0.2 }),
    });
    await property(30, scenario, async ({ seed, faults, moves }) => {
      const game = new Game({ seed, faults: noFaults });
      await game.start();
      game.host.faults = faults;
      await game.play(moves);
      const { host: older } = game;
      older.reboots = false;
      const newer = new Host(
        { clock: game.clock, server: game.server, store: game.store, random: seeded(seed) },
        faults,
        { pollMs, pollJitterMs: 0 },
      );
      newer.fence = older.fence;
      newer.faults = noFaults;
      void newer.boot();
      await game.clock.advance(1000);
      newer.faults = faults;
      const push = older.push.bind(older);
      older.push = (updates) => {
        push(updates);
        newer.push(updates);
      };
      await game.play(moves);
      newer.faults = noFaults;
      await game.rest();
      expect(older.terminal.map((error) => error.code)).deep.equal(['STALE_FENCE']);
      expect(newer.terminal).deep.equal([]);
    });
  });

  it('in a perfect world everything comes by push', async () => {
    await property(
      10,
      fc.record({ seed, moves: fc.constant(50), faults: fc.constant(noFaults) }),
      async (scenario) => {
        await play(scenario);
      },
    );
  });
});
