import { expect } from 'chai';
import fc from 'fast-check';
import { idsOf, standingOf, type Probe } from '../../../src/telegram/updates/probe.js';
import { property } from '../../support/property.js';

/** Ids up to `after` are known; of those above it only the living ones answer. */
interface Box {
  readonly after: number;
  readonly living: readonly number[];
}

/** Fetches as the engine does; `whole` false: nothing proved the end. */
function fetch({ after, living }: Box, known: Pick<Probe, 'top' | 'ceiling'>) {
  const found: number[] = [];
  const alive = new Set(living);
  let probe: Probe = { ask: 'probe', from: after + 1, empty: 0, goal: { pts: 0 }, hole: '', ...known };
  for (let calls = 0; ; calls += 1) {
    const standing = standingOf(probe);
    if (standing === 'whole') return { found, calls, whole: true };
    const ids = idsOf({ ...probe, ahead: standing === 'look' });
    expect(ids.length === new Set(ids).size && ids.length > 0 && ids.length <= 100).equal(true);
    const met = ids.filter((id) => alive.has(id));
    if (standing === 'look') {
      if (met.length === 0) return { found, calls, whole: false };
      probe = { ...probe, seen: Math.max(...met) };
    } else {
      found.push(...met);
      probe = {
        ...probe,
        from: probe.from + ids.length,
        empty: met.length > 0 ? 0 : probe.empty + ids.length,
      };
    }
  }
}

/** Stretches of deleted ids, each followed by some that live. */
const boxes = fc
  .record({
    after: fc.integer({ min: 1, max: 1_000_000 }),
    stretches: fc.array(
      fc.record({
        deleted: fc.oneof(fc.nat(500), fc.nat(15_000), fc.nat(60_000)),
        living: fc.oneof(fc.nat(3), fc.nat(300)),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ after, stretches }) => {
    let top = after;
    const living = stretches.flatMap((stretch) => {
      const first = top + stretch.deleted + 1;
      top += stretch.deleted + stretch.living;
      return Array.from({ length: stretch.living }, (_, index) => first + index);
    });
    return { after, living, top };
  });

describe('the ids a hole is fetched by', () => {
  it('P11 C5 with a known top every living message is found, in order, and no id is asked for twice', async () => {
    await property(100, boxes, async ({ top, ...box }) => {
      const { found, calls, whole } = fetch(box, { top });
      expect([found, whole]).deep.equal([box.living, true]);
      expect(calls).most(Math.ceil((top - box.after) / 100));
    });
  });

  it('P11 C5 under a ceiling that is high enough nothing is missing where the end counts as proven, and calls are bounded', async () => {
    await property(100, fc.tuple(boxes, fc.nat(2_000_000)), async ([{ top, ...box }, above]) => {
      const { found, calls, whole } = fetch(box, { ceiling: top + above });
      if (whole) expect(found).deep.equal(box.living);
      else expect(found).deep.equal(box.living.slice(0, found.length));
      expect(calls).most(Math.ceil((top - box.after) / 100) + 110);
    });
  });

  it('P11 C5 without either nothing proves the end, and what lives densely is found behind any stretch', async () => {
    await property(20, fc.nat(50_000), async (deleted) => {
      const living = Array.from({ length: 200 + deleted }, (_, index) => 101 + deleted + index);
      const { found, whole } = fetch({ after: 100, living: living.filter((id) => id % 3 > 0) }, {});
      expect([whole, found.at(-1)! > living.at(-1)! - 3]).deep.equal([false, true]);
    });
  });
});
