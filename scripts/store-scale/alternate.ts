/** Fills two stores and measures them in turn, so that both meet the same machine. */

import { shop } from '../../test/mongo/scale/cast.js';
import { fill } from '../../test/mongo/scale/fill.js';
import { run, type Subject } from './measure.js';
import type { Place } from './place.js';
import { median } from './times.js';

export interface Compared {
  readonly name: string;
  /** Milliseconds: medians of the runs. */
  readonly empty: number;
  readonly full: number;
  readonly ratio: number;
}

export type Tell = (words: string) => void;

/** Rows are loaded where there are none yet. */
export async function compare(
  places: { readonly empty: Place; readonly full: Place },
  { runs, walks }: { readonly runs: number; readonly walks: number },
  tell: Tell,
): Promise<Compared[]> {
  const empty = await prepare(places.empty, 'the empty one', tell);
  const full = await prepare(places.full, 'the full one', tell);
  // Once unseen: code is compiled and files are in memory afterwards, for both.
  for (const subject of [empty, full]) await run(subject, walks);
  const ofEmpty: Map<string, number>[] = [];
  const ofFull: Map<string, number>[] = [];
  for (let n = 0; n < runs; n++) {
    tell(`run ${n + 1} of ${runs}`);
    ofEmpty.push(await run(empty, walks));
    ofFull.push(await run(full, walks));
  }
  return [...(ofFull[0]?.keys() ?? [])].map((name) => {
    const [a, b] = [ofEmpty, ofFull].map((all) => median(all.map((one) => one.get(name) ?? 0)));
    return { name, empty: a ?? 0, full: b ?? 0, ratio: (b ?? 0) / (a ?? 1) };
  });
}

async function prepare(place: Place, name: string, tell: Tell): Promise<Subject> {
  const opened = await place.open(async (_, work) => work());
  try {
    if ((await opened.db.collection('peers').estimatedDocumentCount()) === 0)
      await load(place, opened.db, name, tell);
    const state = await opened.db
      .collection<{ readonly _id: string; readonly fence: number }>('update_state')
      .findOne({ _id: shop });
    // Above every id of an earlier process, which took less than one a millisecond.
    return { place, fence: state?.fence ?? 0, nextId: Date.now() };
  } finally {
    await opened.close();
  }
}

async function load(place: Place, db: Parameters<typeof fill>[0], name: string, tell: Tell): Promise<void> {
  const start = performance.now();
  let toldAt = start;
  await fill(db, place.size, (done, of) => {
    const now = performance.now();
    if (now - toldAt < 5000 && done < of) return;
    toldAt = now;
    tell(
      `${place.kind}, ${name}: ${done} of ${of} rows, ${Math.round((done * 1000) / (now - start))} rows/s`,
    );
  });
}
