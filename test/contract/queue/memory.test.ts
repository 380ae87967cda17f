import { openMemoryQueue } from '../../../src/queue/memory.js';
import type { Queue } from '../../../src/ports/queue.js';
import { silentLog } from '../../support/silent-log.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { expect } from 'chai';
import { describeQueue } from './suite.js';

describe('contract/queue in memory', () => {
  const clock = new VirtualClock();
  let opened: Queue[] = [];

  afterEach(async () => {
    await Promise.all(opened.map((queue) => queue.close()));
    opened = [];
    expect(clock.pending, 'timers left behind').to.equal(0);
  });

  describeQueue({
    clock,
    async open() {
      const queue = openMemoryQueue({ clock, log: silentLog, retryDelayMs: (failures) => 20 * failures });
      opened.push(queue);
      return queue;
    },
    async until(condition) {
      for (let waitedMs = 0; !(await condition()); waitedMs += 5) {
        if (waitedMs > 10_000) throw new Error('the condition did not come true in ten seconds');
        await clock.advance(5);
      }
    },
  });
});
