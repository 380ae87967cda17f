import { decode } from '../bson/decode.js';
import type { Doc } from '../bson/value.js';
import { documentPrefix, indexPrefix, recordAt } from '../storage/entries.js';
import type { Collection } from '../storage/catalog.js';
import type { KeyRange, Row } from '../storage/environment.js';
import { after } from '../storage/keys.js';
import { rowsOf, type IndexPlan, type Plan } from '../storage/planner.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { matches, type Hit } from './match.js';

export interface Found {
  readonly record: number;
  readonly bytes: Buffer;
  readonly doc: Doc;
  readonly hit: Hit;
}

/** Yielded now and then by everything that reads much: a good moment to let others run. */
export const pause = Symbol('pause');
export type Paced<T> = Generator<T | typeof pause, void, undefined>;

/** What `explain` tells. */
export interface ScanCost {
  keys: number;
  documents: number;
}

const rowsPerPause = 64;

/**
 * The documents that match, by the plan. Rows are read in small chunks and nothing of LMDB is held between two
 * values, so the generator may rest for minutes (a cursor) while others write.
 */
export function* scan(
  store: Store,
  collection: Collection,
  plan: Plan,
  filter: Filter,
  cost: ScanCost = { keys: 0, documents: 0 },
): Paced<Found> {
  const seen = repeats(plan) ? new Set<number>() : undefined;
  let examined = 0;
  for (const candidate of candidates(store, collection, plan)) {
    if (++examined % rowsPerPause === 0) yield pause;
    if (plan.stage !== 'COLLSCAN') cost.keys++;
    if (seen?.has(candidate.record)) continue;
    seen?.add(candidate.record);
    const bytes = candidate.bytes ?? store.read(collection, candidate.record);
    if (!bytes) continue;
    cost.documents++;
    const doc = decode(bytes);
    const hit: Hit = {};
    if (matches(filter, doc, hit)) yield { record: candidate.record, bytes, doc, hit };
  }
}

/** A multikey index holds a document once per element, and branches of `$or` may overlap. */
function repeats(plan: Plan): boolean {
  return plan.stage === 'OR' || (plan.stage === 'IXSCAN' && plan.index.multikey.includes(true));
}

type Candidate = { record: number; bytes?: Buffer };

function* candidates(store: Store, collection: Collection, plan: Plan): Generator<Candidate> {
  switch (plan.stage) {
    case 'COLLSCAN': {
      const prefix = documentPrefix(collection);
      for (const row of rows(store, { start: prefix, end: after(prefix) }, false)) {
        yield { record: recordAt(row.key), bytes: row.value };
      }
      return;
    }
    case 'OR':
      for (const one of plan.of) yield* entries(store, one);
      return;
    case 'IXSCAN':
      yield* entries(store, plan);
  }
}

function* entries(store: Store, plan: IndexPlan): Generator<Candidate> {
  const prefix = indexPrefix(plan.index);
  const ranges = plan.reverse ? plan.ranges.toReversed() : plan.ranges;
  for (const range of ranges) {
    for (const row of rows(store, rowsOf(prefix, range), plan.reverse)) yield { record: recordAt(row.value) };
  }
}

/** First a few, then more at once: a lookup reads little, a scan does not ask often. */
function* rows(store: Store, range: KeyRange, reverse: boolean): Generator<Row> {
  let { start, end } = range;
  for (let limit = 8; ; limit = Math.min(limit * 2, 256)) {
    const chunk = store.env.rows({ start, end }, limit, reverse);
    yield* chunk;
    const last = chunk.at(-1);
    if (!last || chunk.length < limit) return;
    if (reverse) end = last.key;
    else start = Buffer.concat([last.key, Buffer.from([0])]);
  }
}
