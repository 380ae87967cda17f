import { expect } from 'chai';
import { job, openWith, type QueueHarness } from './harness.js';

export function describeTime(harness: QueueHarness): void {
  it('O1 a delayed job does not start before its time', async () => {
    let startedAt = 0;
    const { queue } = await openWith(harness, () => ((startedAt = harness.clock.now()), 'done'));
    await queue.start();
    const addedAt = harness.clock.now();
    await queue.add(job('a', { delayMs: 80 }));
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 0, active: 0, delayed: 1 });
    await harness.until(() => startedAt > 0);
    expect(startedAt - addedAt).to.be.at.least(80);
  });

  it('M1 a handler that answers `again` gets its job back after that time, as often as it likes, and it is no failure', async () => {
    const at: number[] = [];
    const { queue, seen, ids } = await openWith(harness, ({ id }, run) => {
      if (id === 'b') return 'done';
      at.push(harness.clock.now());
      return run < 4 ? { again: 50 } : 'done';
    });
    await queue.start();
    await queue.add(job('a'));
    await harness.until(() => seen.length === 1);
    await harness.until(async () => (await queue.counts('deliver')).delayed === 1);
    await queue.add(job('a'));
    await queue.add(job('b'));
    await harness.until(() => ids().filter((id) => id === 'a').length === 3);
    expect(ids()).to.deep.equal(['a', 'b', 'a', 'a']);
    expect(seen.map((one) => one.failures)).to.deep.equal([0, 0, 0, 0]);
    expect(at[1]! - at[0]!).to.be.at.least(50);
    expect(at[2]! - at[1]!).to.be.at.least(50);
  });

  it('M7 a job whose handler fails comes back again and again after a growing rest, and never disappears before it is done', async () => {
    const at: number[] = [];
    const { queue, seen } = await openWith(harness, (_, run) => {
      at.push(harness.clock.now());
      if (run <= 4) throw new RangeError('no');
      return 'done';
    });
    await queue.start();
    await queue.add(job('a'));
    await harness.until(() => seen.length === 5);
    expect(seen.map((one) => one.failures)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(seen[4]?.data).to.deep.equal({ lane: 'lane-a' });
    for (const [n, rest] of [20, 40, 60, 80].entries()) expect(at[n + 1]! - at[n]!).to.be.at.least(rest);
  });

  it('M7 a failing job keeps nobody waiting', async () => {
    const { queue, ids } = await openWith(harness, ({ id, failures }) => {
      if (id === 'bad' && failures < 2) throw new RangeError('no');
      return 'done';
    });
    await queue.start();
    await queue.addMany([job('bad'), job('good')]);
    await harness.until(() => ids().length === 4);
    expect(ids()).to.deep.equal(['bad', 'good', 'bad', 'bad']);
  });
}
