import { expect } from 'chai';
import { Game } from './model/game.js';
import { noFaults } from './model/mishaps.js';

const dialogs = 50;
const messages = 2000;
/** Handlers of texts and of files that run at a time (app/workers.ts). */
const hands = 64 + 4;

describe('a group that is slow', function () {
  this.timeout(120_000);

  it('I14 M7 the backlog stands in the store: the queue holds lanes, not messages, the workers a row each, the router nothing', async () => {
    const game = new Game({ seed: 1, clients: dialogs, faults: noFaults, limit: { perMinute: 20 } });
    void game.boot();
    let inHand = 0;
    let fetched = 0;
    game.store.onClaim = () => {
      inHand = Math.max(inHand, game.store.open().filter(({ state }) => state === 'sending').length);
    };
    game.store.onUnrouted = (rows) => {
      fetched = Math.max(fetched, rows);
    };
    for (let message = 0; message < messages; message += 1) {
      game.write(game.clients[message % dialogs]!);
      if (message % 100 === 99) await game.clock.advance(1000);
    }
    const jobs: number[] = [];
    for (const ms of [0, ...Array.from({ length: 10 }, () => 60_000)]) {
      await game.clock.advance(ms);
      const { waiting, active, delayed } = await game.queue!.counts('deliver');
      jobs.push(waiting + active + delayed);
    }
    expect(game.store.open().length, 'the backlog').above(messages - 400);
    // A job per lane, and one that calls a lane whose turn it is.
    expect(Math.max(...jobs), 'jobs').most(2 * dialogs);
    expect(inHand, 'rows in hand').within(1, hands);
    expect(fetched, 'journal rows at once').within(1, 200);
    expect([...game.store.entries.values()].every(({ routed }) => routed)).equal(true);

    game.town.limit = undefined;
    expect(await game.rest(10), 'it comes to rest').equal(true);
    expect(game.read()).deep.equal(game.written);
  });
});
