import { Int32 } from 'bson';
import { fields, rank, rankOf } from '../bson/value.js';
import { conjuncts, type Filter } from '../query/filter.js';
import { parseFilter } from '../query/parse.js';
import { pull } from '../query/pull.js';
import { slice, ordered } from '../query/stream.js';
import type { Collection } from '../storage/catalog.js';
import { indexPrefix } from '../storage/entries.js';
import { plan, rowsOf } from '../storage/planner.js';
import type { Store } from '../storage/store.js';
import { collectionName, countField, limitField, docOrEmpty, type Command } from './call.js';

export const count: Command = {
  kind: 'read',
  page: 'count',
  fields: ['count', 'query', 'limit', 'skip'],
  run: async (call, { store }) => {
    const filter = parseFilter(docOrEmpty(call.body, 'query'));
    const skip = countField(call.body, 'skip') ?? 0;
    const limit = limitField(call.body, 'limit');
    const collection = store.catalog.find(call.database, collectionName(call));
    if (!collection) return fields({ n: new Int32(0) });
    const known = knownCount(store, collection, filter);
    if (known !== undefined) return fields({ n: new Int32(Math.min(Math.max(known - skip, 0), limit)) });
    let n = 0;
    await pull(slice(ordered(store, collection, filter, []), skip, limit), () => ++n > 0, call.deadline);
    return fields({ n: new Int32(n) });
  },
};

/** The count without reading documents: of all, or of equalities that an index pins alone. */
export function knownCount(store: Store, collection: Collection, filter: Filter): number | undefined {
  const parts = conjuncts(filter);
  if (parts.length === 0) return collection.documents;
  const chosen = plan(collection, filter, []);
  if (chosen.stage !== 'IXSCAN' || chosen.index.cut || chosen.index.multikey.includes(true)) return undefined;
  const pinned = chosen.index.fields.slice(0, chosen.equalities).map((field) => field.name);
  if (parts.length !== pinned.length || chosen.bounded !== chosen.equalities) return undefined;
  const exact = parts.every(
    (part) => part.op === 'eq' && pinned.includes(part.path.join('.')) && isPlain(part),
  );
  if (!exact || new Set(pinned).size !== parts.length) return undefined;
  const prefix = indexPrefix(chosen.index);
  return chosen.ranges.reduce((sum, range) => sum + store.env.count(rowsOf(prefix, range)), 0);
}

/** Values that their index key tells exactly: not null, which also stands for missing. */
function isPlain(part: Extract<Filter, { op: 'eq' }>): boolean {
  const places: readonly number[] = [rank.string, rank.objectId, rank.boolean, rank.date, rank.number];
  return places.includes(rankOf(part.value));
}
