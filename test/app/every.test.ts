import { expect } from 'chai';
import { every } from '../../src/app/every.js';
import { VirtualClock } from '../support/virtual-clock.js';

describe('every', () => {
  it('C5 runs once before it resolves, then after each pause, also after one that failed', async () => {
    const clock = new VirtualClock();
    const failures: unknown[] = [];
    let runs = 0;
    const run = async (): Promise<void> => {
      runs++;
      if (runs === 2) throw new Error('away');
    };
    const cancel = await every(clock, 1000, run, (error) => failures.push(error));
    expect(runs).to.equal(1);
    await clock.advance(3000);
    expect([runs, failures.length]).to.deep.equal([4, 1]);
    cancel();
    expect(clock.pending).to.equal(0);
  });

  it('C5 a first run that fails begins nothing', async () => {
    const clock = new VirtualClock();
    const refused = await every(
      clock,
      1000,
      () => Promise.reject(new Error('no')),
      () => undefined,
    ).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error);
    expect(clock.pending).to.equal(0);
  });

  it('C5 cancelled during a run it does not go on', async () => {
    const clock = new VirtualClock();
    let end: () => void = () => undefined;
    let runs = 0;
    const run = (): Promise<void> =>
      ++runs === 1 ? Promise.resolve() : new Promise<void>((resolve) => (end = resolve));
    const cancel = await every(clock, 1000, run, () => undefined);
    await clock.advance(1000);
    cancel();
    end();
    await clock.advance(5000);
    expect([runs, clock.pending]).to.deep.equal([2, 0]);
  });
});
