import { CommandError } from '../errors.js';
import { equal } from '../bson/compare.js';
import type { Doc, Value } from '../bson/value.js';
import { conjuncts, type Filter } from '../query/filter.js';
import type { Path } from '../query/paths.js';
import { applyUpdate, withIdFirst } from './apply.js';
import type { Update } from './parse.js';
import { comparePaths, holds } from './conflicts.js';
import { placeAt } from './place.js';

/** The document that an upsert inserts: the filter's equalities, then the update over them. */
export function upserted(filter: Filter, update: Update, now: Date): Doc {
  const seed: Doc = new Map();
  const known = equalities(filter).filter(({ path }) => update.kind === 'operators' || path[0] === '_id');
  checkApart(known.map(({ path }) => path));
  for (const { path, value } of known) placeAt(seed, path).set(value);
  const before = seed.get('_id');
  const doc = withIdFirst(applyUpdate(update, seed, { hit: {}, inserting: true, now }));
  return before === undefined ? doc : withSameId(doc, before);
}

/** @throws CommandError 54 if one path is another or lies inside it */
function checkApart(paths: readonly Path[]): void {
  const sorted = paths.toSorted(comparePaths);
  for (const [i, path] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && holds(before, path))
      throw new CommandError(
        54,
        `cannot infer query fields to set, path '${path.join('.')}' is matched twice`,
      );
  }
}

function withSameId(doc: Doc, id: Value): Doc {
  if (!equal(doc.get('_id'), id))
    throw new CommandError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  return doc;
}

type Equality = Extract<Filter, { op: 'eq' }>;

/** What can only mean one value: an equality, `$in` and `$all` of one, and an `$or` of one branch, as in MongoDB. */
function equalities(filter: Filter): Equality[] {
  return conjuncts(filter).flatMap((part) => {
    if (part.op === 'or' && part.of.length === 1 && part.of[0]) return equalities(part.of[0]);
    if (part.op === 'in' && part.values.length === 1)
      return [{ op: 'eq' as const, path: part.path, value: part.values[0] ?? null }];
    return part.op === 'eq' ? [part] : [];
  });
}
