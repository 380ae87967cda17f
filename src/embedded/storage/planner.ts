import { equal } from '../bson/compare.js';
import { isDoc, type Value } from '../bson/value.js';
import { conjuncts, type Filter, type Leaf } from '../query/filter.js';
import type { SortField } from '../query/sort.js';
import type { Collection, Index, IndexField } from './catalog.js';
import type { KeyRange } from './environment.js';
import {
  cutRange,
  intersection,
  intervalOf,
  pointBytes,
  pointOf,
  rangeOf,
  type Comparison,
  type Interval,
} from './bounds.js';
import { after } from './keys.js';

/** How the candidates of a filter are found; each is matched again, so a plan may yield too many, never too few. */
export type Plan =
  { readonly stage: 'COLLSCAN' } | { readonly stage: 'OR'; readonly of: readonly IndexPlan[] } | IndexPlan;

export interface IndexPlan {
  readonly stage: 'IXSCAN';
  readonly index: Index;
  /** Within the index, ascending and apart. */
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  /** Candidates come in the wanted order. */
  readonly sorted: boolean;
  /** Fields of the index that the ranges use. */
  readonly bounded: number;
  /** Leading fields that are pinned to one or several values. */
  readonly equalities: number;
}

/** Above this many combinations of `$in` lists a field is left to the matcher. */
const maxRanges = 2000;

/** The best of the collection's indexes for a filter and a sort, or a scan of everything. */
export function plan(collection: Collection, filter: Filter, sort: readonly SortField[]): Plan {
  const parts = conjuncts(filter);
  let best: IndexPlan | undefined;
  for (const index of collection.indexes) {
    if (collection.building.has(index)) continue;
    const candidate = usable(index, parts) ? planIndex(index, parts, sort) : undefined;
    if (candidate && (!best || score(candidate) > score(best))) best = candidate;
  }
  if (best && best.bounded > 0) return best;
  return planOr(collection, parts) ?? best ?? { stage: 'COLLSCAN' };
}

function score(plan: IndexPlan): number {
  const one = plan.index.unique && plan.equalities === plan.index.fields.length;
  return (one ? 1000 : 0) + plan.equalities * 20 + plan.bounded * 10 + (plan.sorted ? 5 : 0);
}

function planOr(collection: Collection, parts: readonly Filter[]): Plan | undefined {
  for (const part of parts) {
    if (part.op !== 'or') continue;
    const of = part.of.map((branch) =>
      plan(collection, { op: 'and', of: [...parts.filter((p) => p !== part), branch] }, []),
    );
    const scans = of.flatMap((one) => (one.stage === 'OR' ? one.of : one.stage === 'IXSCAN' ? [one] : []));
    if (of.every((one) => one.stage !== 'COLLSCAN') && scans.every((one) => one.bounded > 0))
      return { stage: 'OR', of: scans };
  }
  return undefined;
}

/** A sparse or partial index may serve only filters that all documents outside it fail. */
function usable(index: Index, parts: readonly Filter[]): boolean {
  if (index.sparse && !index.fields.some((field) => parts.some((part) => impliesExistence(part, field.name))))
    return false;
  if (!index.partial) return true;
  return [...index.partial].every(([name, wanted]) => parts.some((part) => implies(part, name, wanted)));
}

function impliesExistence(part: Filter, name: string): boolean {
  if (!isOn(part, name)) return false;
  if (part.op === 'eq') return part.value !== null;
  if (part.op === 'in') return !part.values.includes(null);
  return part.op === 'exists' || ('value' in part && part.value !== null);
}

function implies(part: Filter, name: string, wanted: Value): boolean {
  if (isDoc(wanted) && wanted.has('$exists')) return impliesExistence(part, name);
  const value = isDoc(wanted) && wanted.has('$eq') ? wanted.get('$eq') : wanted;
  return isOn(part, name) && part.op === 'eq' && equal(part.value, value);
}

function isOn(part: Filter, name: string): part is Leaf {
  return 'path' in part && part.path.join('.') === name;
}

function planIndex(
  index: Index,
  parts: readonly Filter[],
  sort: readonly SortField[],
): IndexPlan | undefined {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let ranges: KeyRange[] | undefined;
  let equalities = 0;
  let arrays = 0;
  for (const [place, field] of index.fields.entries()) {
    const isArray = index.multikey[place] === true;
    // Two array fields may take their matches from different elements: bounds on both would lose documents.
    if (isArray && arrays > 0) break;
    const intervals = intervalsFor(field, parts, isArray);
    if (!intervals || intervals.length * prefixes.length > maxRanges) break;
    if (isArray) arrays++;
    const points = intervals.map((interval) => pointBytes(interval, field.direction));
    ranges = prefixes.flatMap((prefix) =>
      intervals.map((interval) => rangeOf(prefix, interval, field.direction)),
    );
    if (!points.every((point) => point !== undefined))
      return finish(index, ranges, equalities, equalities + 1, sort);
    prefixes = prefixes.flatMap((prefix) => points.map((point) => Buffer.concat([prefix, point])));
    equalities++;
  }
  return finish(index, ranges ?? [everything], equalities, equalities, sort);
}

const everything: KeyRange = { start: Buffer.alloc(0), end: Buffer.from([0xff]) };

function finish(
  index: Index,
  ranges: KeyRange[],
  equalities: number,
  bounded: number,
  sort: readonly SortField[],
): IndexPlan | undefined {
  const order = ranges.length === 1 ? orderOf(index, equalities, sort) : undefined;
  if (bounded === 0 && order === undefined) return undefined;
  const kept = order ?? 'none';
  return {
    stage: 'IXSCAN',
    index,
    ranges: apart(ranges.map(cutRange)),
    reverse: kept === 'reverse',
    sorted: kept !== 'none',
    bounded,
    equalities,
  };
}

/** Whether the index, with its first fields pinned, yields the sort, and which way. */
function orderOf(
  index: Index,
  pinned: number,
  sort: readonly SortField[],
): 'forward' | 'reverse' | undefined {
  if (sort.length === 0 || index.cut) return undefined;
  const free = sort.filter(
    (part) => !index.fields.slice(0, pinned).some((field) => field.name === part.name),
  );
  if (
    index.multikey.some((flag, place) => flag && sort.some((part) => part.name === index.fields[place]?.name))
  )
    return undefined;
  const fields = index.fields.slice(pinned, pinned + free.length);
  if (fields.length < free.length || fields.some((field, i) => field.name !== free[i]?.name))
    return undefined;
  const turns = new Set(fields.map((field, i) => field.direction * (free[i]?.direction ?? 1)));
  if (turns.size > 1) return undefined;
  return turns.has(-1) ? 'reverse' : 'forward';
}

/** Intervals of one field that hold every value a match can have there, or undefined if nothing bounds it. */
function intervalsFor(field: IndexField, parts: readonly Filter[], isArray: boolean): Interval[] | undefined {
  const leaves = parts.filter((part) => isOn(part, field.name));
  for (const leaf of leaves) {
    const point = leaf.op === 'eq' ? pointOf(leaf.value) : undefined;
    if (point) return [point];
  }
  for (const leaf of leaves) {
    const points = leaf.op === 'in' ? leaf.values.map(pointOf) : undefined;
    if (points?.every((point) => point !== undefined)) return points;
  }
  const comparisons = leaves.filter((leaf): leaf is Comparison => /^[gl]te?$/.test(leaf.op));
  const intervals = comparisons.map(intervalOf).filter((interval) => interval !== undefined);
  const [first, ...others] = intervals;
  if (!first) return undefined;
  // Different elements of an array may satisfy the two ends: only one end is a safe bound.
  return [isArray ? first : others.reduce(intersection, first)];
}

/** Sorted, and those that touch joined, so that no row is read twice. */
function apart(ranges: KeyRange[]): KeyRange[] {
  const sorted = ranges.toSorted((a, b) => a.start.compare(b.start));
  const joined: KeyRange[] = [];
  for (const range of sorted) {
    const before = joined.at(-1);
    if (before && before.end.compare(range.start) >= 0) {
      const end = before.end.compare(range.end) >= 0 ? before.end : range.end;
      joined[joined.length - 1] = { start: before.start, end };
    } else joined.push(range);
  }
  return joined;
}

/** Ranges of the index as ranges of LMDB keys. */
export function rowsOf(prefix: Buffer, range: KeyRange): KeyRange {
  const end = range === everything ? after(prefix) : Buffer.concat([prefix, range.end]);
  return { start: Buffer.concat([prefix, range.start]), end };
}
