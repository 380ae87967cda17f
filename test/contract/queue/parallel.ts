import { expect } from 'chai';
import type { JobAnswer } from '../../../src/ports/queue.js';
import { behind, door, job, openWith, type QueueHarness } from './harness.js';

export function describeParallel(harness: QueueHarness): void {
  it('C6 at most `concurrency` handlers of a kind run at a time, and so many do; other kinds go on', async () => {
    const gate = door();
    let now = 0;
    let most = 0;
    const handler = async (): Promise<JobAnswer> => {
      most = Math.max(most, ++now);
      await gate.pass;
      now--;
      return 'done';
    };
    const { queue, seen, media } = await openWith(harness, handler, 3);
    await queue.start();
    await queue.addMany(Array.from({ length: 8 }, (_, n) => job(`j${n}`)));
    await queue.add(job('m', { kind: 'deliver-media' }));
    await harness.until(() => now === 3 && media.length === 1);
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 5, active: 3, delayed: 0 });
    gate.open();
    await harness.until(() => seen.length === 8);
    expect(most).to.equal(3);
  });

  it('M7 among due jobs the smaller priority starts first, equal ones in the order in which they were added', async () => {
    const { queue, ids } = await openWith(harness);
    await queue.addMany([
      job('slow', { priority: 9 }),
      job('first'),
      job('later', { priority: 1 }),
      job('second', { priority: 0 }),
      job('latest', { priority: 1 }),
    ]);
    await queue.start();
    await harness.until(() => ids().length === 5);
    expect(ids()).to.deep.equal(['first', 'second', 'later', 'latest', 'slow']);
  });

  it('C3 a paused kind starts nothing, what runs ends, other kinds go on, and after resuming all run', async () => {
    const gate = door();
    const { queue, seen, media, ids } = await openWith(harness, behind(gate));
    await queue.start();
    await queue.add(job('a'));
    await harness.until(() => seen.length === 1);
    await queue.pause('deliver');
    await queue.pause('deliver');
    gate.open();
    await queue.addMany([job('b'), job('c', { priority: 3 }), job('m', { kind: 'deliver-media' })]);
    await harness.until(() => media.length === 1);
    await harness.until(async () => (await queue.counts('deliver')).active === 0);
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 2, active: 0, delayed: 0 });
    expect(ids()).to.deep.equal(['a']);
    await queue.resume('deliver');
    await queue.resume('deliver');
    await harness.until(() => seen.length === 3);
    expect(ids()).to.deep.equal(['a', 'b', 'c']);
  });

  it('M1 two hundred jobs, some failing and some delaying themselves, are each done exactly once', async () => {
    const done = new Map<string, number>();
    const { queue } = await openWith(
      harness,
      ({ id, failures }, run) => {
        if (run % 7 === 0) return { again: 5 };
        if (run % 11 === 0 && failures === 0) throw new RangeError('no');
        done.set(id, (done.get(id) ?? 0) + 1);
        return 'done';
      },
      10,
    );
    await queue.start();
    const names = Array.from({ length: 200 }, (_, n) => `j${n}`);
    await queue.addMany(names.map((name) => job(name)));
    await queue.addMany(names.slice(150).map((name) => job(`${name}-more`, { delayMs: 10 })));
    await harness.until(() => done.size === 250);
    expect([...new Set(done.values())]).to.deep.equal([1]);
  });
}
