import { expect } from 'chai';
import fc from 'fast-check';
import { Heap } from '../../src/queue/heap.js';
import { retryDelayMs } from '../../src/queue/retry.js';

describe('queue/heap', () => {
  it('gives what it holds in order, however pushes and pops are mixed', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -20, max: 20 }), { freq: 3 })), (steps) => {
        const heap = new Heap<number>((a, b) => a < b);
        let model: number[] = [];
        for (const step of steps) {
          if (step === null) {
            expect(heap.pop()).to.equal(model[0]);
            model = model.slice(1);
          } else {
            heap.push(step);
            model = [...model, step].sort((a, b) => a - b);
          }
          expect([heap.peek(), heap.size]).to.deep.equal([model[0], model.length]);
        }
      }),
    );
  });
});

describe('queue/retry', () => {
  it('M7 a failing job rests 1 s, then twice as long each time, and never longer than a minute', () => {
    expect([1, 2, 3, 6, 7, 8, 1_000_000].map(retryDelayMs)).to.deep.equal([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });
});
