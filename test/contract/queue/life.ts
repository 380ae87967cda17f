import { expect } from 'chai';
import type { JobAnswer } from '../../../src/ports/queue.js';
import { door, errorOf, job, openWith, type QueueHarness } from './harness.js';

export function describeLife(harness: QueueHarness): void {
  const handler = async (): Promise<JobAnswer> => 'done';

  it('O1 the start is refused while a kind has no worker, and the message names it and the fix', async () => {
    const queue = await harness.open();
    queue.work('deliver', handler, { concurrency: 1 });
    const error = await errorOf(() => queue.start());
    expect(error.code).to.equal('INTERNAL');
    expect(error.message).to.match(/no worker for job kind 'deliver-media': call queue\.work/);
    queue.work('deliver-media', handler, { concurrency: 1 });
    await queue.start();
  });

  it('O1 a second worker of a kind is refused with the fix, as are late workers, a second start and no concurrency', async () => {
    const { queue } = await openWith(harness);
    const again = () => queue.work('deliver', handler, { concurrency: 1 });
    expect((await errorOf(again)).message).to.match(/'deliver' has a worker already: remove one of the two/);
    await queue.start();
    expect((await errorOf(() => queue.start())).message).to.match(/call start\(\) once/);
    const other = await harness.open();
    const none = () => other.work('deliver', handler, { concurrency: 0 });
    expect((await errorOf(none)).message).to.match(/concurrency of 1 or more/);
  });

  it('O4 closing waits for the handlers that run, starts nothing more, and afterwards nothing can be added', async () => {
    const gate = door();
    let ended = false;
    const { queue, seen, ids } = await openWith(harness, async (): Promise<JobAnswer> => {
      await gate.pass;
      ended = true;
      return 'done';
    });
    await queue.start();
    await queue.addMany([job('a'), job('b'), job('c', { delayMs: 20 })]);
    await harness.until(() => seen.length === 1);
    const closing = queue.close().then(() => expect(ended).to.equal(true));
    gate.open();
    await closing;
    expect(ids()).to.deep.equal(['a']);
    const error = await errorOf(() => queue.add(job('d')));
    expect(error.code).to.equal('INTERNAL');
    expect(error.message).to.include('closed');
    await queue.close();
  });

  it('O4 a queue that was never started closes', async () => {
    const queue = await harness.open();
    await queue.add(job('a'));
    await queue.close();
  });
}
