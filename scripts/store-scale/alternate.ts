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
  // Once unseen: files are in memory afterwards, for both.
  await run([empty, full], walks);
  const all: Map<string, number>[][] = [];
  for (let n = 0; n < runs; n++) {
    tell(`run ${n + 1} of ${runs}`);
    all.push(await run([empty, full], walks));
  }
  return [...(all[0]?.[1]?.keys() ?? [])].map((name) => {
    const [a = 0, b = 0] = [0, 1].map((place) => median(all.map((one) => one[place]?.get(name) ?? 0)));
    return { name, empty: a, full: b, ratio: b / a };
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
