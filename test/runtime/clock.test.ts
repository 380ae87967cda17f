import { expect } from 'chai';
import { systemClock } from '../../src/runtime/clock.js';
import { VirtualClock } from '../support/virtual-clock.js';

describe('runtime/clock', () => {
  it('O4 a sleep ends at once when its signal is aborted, and leaves no timer behind', async () => {
    const stop = new AbortController();
    const begun = systemClock.now();
    const slept = systemClock.sleep(60_000, stop.signal);
    stop.abort();
    await slept;
    await systemClock.sleep(60_000, stop.signal);
    expect(systemClock.now() - begun).to.be.below(5_000);
  });

  it('a timer that was called off never runs, and one that runs comes no earlier than asked', async () => {
    let ran = 0;
    const cancel = systemClock.setTimer(1, () => ran++);
    cancel();
    cancel();
    const begun = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - begun).to.be.at.least(19);
    expect(ran).to.equal(0);
  });

  it('a delay longer than Node can count does not fire at once', async () => {
    let ran = 0;
    const cancel = systemClock.setTimer(2 ** 31 + 5, () => ran++);
    await systemClock.sleep(10);
    cancel();
    expect(ran).to.equal(0);
  });
});

describe('support/virtual-clock', () => {
  it('runs timers in the order of time, also those armed on the way, and stops at the end of the span', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name}@${clock.now()}`);
    clock.setTimer(30, note('c'));
    clock.setTimer(10, () => {
      note('a')();
      clock.setTimer(5, note('b'));
    });
    clock.setTimer(30, note('d'));
    clock.setTimer(31, note('late'));
    clock.setTimer(20, note('cancelled'))();
    await clock.advance(30);
    expect(seen).to.deep.equal(['a@10', 'b@15', 'c@30', 'd@30']);
    expect([clock.now(), clock.pending]).to.deep.equal([30, 1]);
  });

  it('a loop of sleeps goes round as often as fits into the span, and an abort wakes it', async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    let rounds = 0;
    const loop = (async () => {
      while (!stop.signal.aborted) {
        await clock.sleep(10, stop.signal);
        rounds++;
      }
    })();
    await clock.advance(35);
    expect(rounds).to.equal(3);
    stop.abort();
    await loop;
    expect(clock.pending).to.equal(0);
  });
});
