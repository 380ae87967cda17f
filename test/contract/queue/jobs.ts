import { expect } from 'chai';
import type { Job, Queue } from '../../../src/ports/queue.js';
import { behind, door, errorOf, job, openWith, type QueueHarness } from './harness.js';

export function describeJobs(harness: QueueHarness): void {
  const isEmpty = (queue: Queue) => async () => {
    const { waiting, active, delayed } = await queue.counts('deliver');
    return waiting + active + delayed === 0;
  };

  it('O1 a job reaches the worker of its kind with its id and data, and disappears when it is done', async () => {
    const { queue, seen, media } = await openWith(harness);
    await queue.start();
    await queue.add(job('a', { data: { lane: 'c7-user-5', tries: 2, media: false } }));
    await queue.add({ kind: 'deliver-media', id: 'b', data: {} });
    await harness.until(() => seen.length === 1 && media.length === 1);
    expect(seen).to.deep.equal([
      { id: 'a', data: { lane: 'c7-user-5', tries: 2, media: false }, failures: 0 },
    ]);
    expect(media).to.deep.equal(['b']);
    await harness.until(isEmpty(queue));
  });

  it('O1 jobs added before the start wait for it', async () => {
    const { queue, seen } = await openWith(harness);
    await queue.add(job('a'));
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 1, active: 0, delayed: 0 });
    await queue.start();
    await harness.until(() => seen.length === 1);
  });

  it('M1 adding an id that is waiting or delayed changes nothing', async () => {
    const { queue, seen, ids } = await openWith(harness);
    await queue.addMany([job('a'), job('late', { delayMs: 60 })]);
    await queue.addMany([job('a', { data: { lane: 'other' } }), job('late'), job('a'), job('b')]);
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 2, active: 0, delayed: 1 });
    await queue.start();
    await harness.until(() => seen.length >= 3);
    await harness.until(isEmpty(queue));
    expect(ids()).to.deep.equal(['a', 'b', 'late']);
    expect(seen[0]?.data).to.deep.equal({ lane: 'lane-a' });
  });

  it('M1 adding an id that is active changes nothing, and once it is done the same id works again', async () => {
    const gate = door();
    const { queue, seen } = await openWith(harness, behind(gate), 2);
    await queue.start();
    await queue.add(job('a'));
    await harness.until(() => seen.length === 1);
    await queue.add(job('a'));
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 0, active: 1, delayed: 0 });
    gate.open();
    await harness.until(isEmpty(queue));
    expect(seen).to.have.length(1);
    await queue.add(job('a'));
    await harness.until(() => seen.length === 2);
  });

  it('M1 the same id under two kinds is two jobs', async () => {
    const { queue, seen, media } = await openWith(harness);
    await queue.start();
    await queue.addMany([job('a'), job('a', { kind: 'deliver-media' })]);
    await harness.until(() => seen.length === 1 && media.length === 1);
  });

  it('V5 an id or a number that one of the adapters could not hold is refused on all, and nothing of the batch is added', async () => {
    const { queue } = await openWith(harness);
    const bad: [Job, RegExp][] = [
      [job('a:b'), /':' in its id: make it with rowId/],
      [job('42'), /bare number/],
      [job(''), /1 to 200 characters/],
      [job('x'.repeat(201)), /1 to 200 characters/],
      [job('a', { delayMs: -1 }), /delay/],
      [job('a', { delayMs: Infinity }), /delay/],
      [job('a', { priority: 1.5 }), /priority outside 0 to 2000000/],
      [job('a', { priority: -1 }), /priority/],
    ];
    for (const [one, message] of bad) {
      const error = await errorOf(() => queue.addMany([job('good'), one]));
      expect(error.code).to.equal('INTERNAL');
      expect(error.message).to.match(message);
    }
    expect(await queue.counts('deliver')).to.deep.equal({ waiting: 0, active: 0, delayed: 0 });
  });
}
