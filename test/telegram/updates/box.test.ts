import { expect } from 'chai';
import {
  emptyBox,
  offer,
  postpone,
  releaseAll,
  settle,
  type SequenceBox,
} from '../../../src/telegram/updates/box.js';
import { forward, positionOf } from '../../../src/telegram/updates/gap.js';

const slot = (end: number, count: number, ...items: string[]) => ({ end, count, items });

function offerAll(box: SequenceBox<string>, ...slots: ReturnType<typeof slot>[]) {
  const applied: string[] = [];
  let now = box;
  for (const each of slots) {
    const moved = offer(now, each);
    applied.push(...moved.released);
    now = moved.box;
  }
  return { at: now.at, waiting: now.waiting.length, applied };
}

describe('sequence box (gotd TestSequenceBox, TestGapBuffer, ApplyPending)', () => {
  it('applies what comes next, ignores what is old, lets the rest wait and drains it in order', () => {
    expect(offerAll(emptyBox(0), slot(1, 1, 'a'))).deep.equal({ at: 1, waiting: 0, applied: ['a'] });
    expect(offerAll(emptyBox(5), slot(3, 1, 'old'))).deep.equal({ at: 5, waiting: 0, applied: [] });
    expect(offerAll(emptyBox(0), slot(3, 1, 'c'), slot(2, 1, 'b'))).deep.equal({
      at: 0,
      waiting: 2,
      applied: [],
    });
    const filled = offerAll(emptyBox(0), slot(3, 1, 'c'), slot(2, 1, 'b'), slot(1, 1, 'a'));
    expect(filled).deep.equal({ at: 3, waiting: 0, applied: ['a', 'b', 'c'] });
    const second = offerAll(emptyBox(0), slot(2, 1, 'b'), slot(5, 2, 'e'), slot(1, 1, 'a'));
    expect(second).deep.equal({ at: 2, waiting: 1, applied: ['a', 'b'] });
  });

  it('takes a read that counts nothing at its number, and both of two updates under one number (BotFather, MadelineProto#156)', () => {
    expect(offerAll(emptyBox(1), slot(2, 1, 'message'), slot(2, 0, 'read')).applied).deep.equal([
      'message',
      'read',
    ]);
    expect(offerAll(emptyBox(1), slot(2, 1, 'one'), slot(2, 1, 'other')).applied).deep.equal([
      'one',
      'other',
    ]);
  });

  it('never applies an update that overlaps what it has: only a difference can tell', () => {
    expect(offerAll(emptyBox(6), slot(7, 2, 'overlap'))).deep.equal({ at: 6, waiting: 1, applied: [] });
  });

  it('moves to an authoritative number: what that covers vanishes, what then fits is released', () => {
    const box = [slot(9, 1, 'i'), slot(4, 1, 'd'), slot(7, 1, 'g')].reduce(
      postpone<string>,
      emptyBox<string>(1),
    );
    const moved = settle(box, 6);
    expect([moved.box.at, moved.released, moved.box.waiting.length]).deep.equal([7, ['g'], 1]);
    expect(releaseAll(box)).deep.equal({ box: emptyBox(9), released: ['d', 'g', 'i'] });
  });

  it('tells a reset from an old update, and nonsense from both', () => {
    expect(positionOf(2_000_000, 5, 1)).equal('reset');
    expect(positionOf(5, 2 ** 31, 1)).equal('invalid');
    expect(positionOf(5, 6, -1)).equal('invalid');
    expect([forward(10, 9), forward(10, 12), forward(2_000_000, 7)]).deep.equal([10, 12, 7]);
  });
});
