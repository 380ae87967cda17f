import { encode } from '../bson/encode.js';
import type { Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import type { Collection } from '../storage/catalog.js';
import { plan } from '../storage/planner.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { project, type Projection } from './project.js';
import { pause, scan, type Found, type Paced, type ScanCost } from './scan.js';
import { sortKey, type SortField } from './sort.js';

/** A document on its way out; `bytes` are the stored ones as long as nothing was changed. */
export interface Item {
  readonly doc: Doc;
  readonly bytes?: Buffer;
}

/** MongoDB's limit on a sort in memory. */
const maxSortBytes = 100 * 1024 * 1024;

/** Matching documents in the wanted order: by an index where one gives it, else sorted here. */
export function* ordered(
  store: Store,
  collection: Collection,
  filter: Filter,
  sort: readonly SortField[],
  limit = Infinity,
  cost?: ScanCost,
): Paced<Found> {
  const chosen = plan(collection, filter, sort);
  const found = scan(store, collection, chosen, filter, cost);
  const isSorted = sort.length === 0 || (chosen.stage === 'IXSCAN' && chosen.sorted);
  yield* isSorted ? found : sortItems(found, sort, limit);
}

/** Sorts everything, or keeps only the first `limit`. Equal documents stay in the order they came in. */
export function* sortItems<T extends Item>(
  items: Paced<T>,
  sort: readonly SortField[],
  limit = Infinity,
): Paced<T> {
  let kept: { item: T; key: Buffer }[] = [];
  let bytes = 0;
  for (const item of items) {
    if (item === pause) {
      yield pause;
      continue;
    }
    const key = sortKey(item.doc, sort);
    kept.push({ item, key });
    bytes += key.length + (item.bytes?.length ?? 1000);
    if (kept.length > 2 * limit + 1000) {
      kept = kept.toSorted((a, b) => a.key.compare(b.key)).slice(0, limit);
      bytes = kept.reduce((sum, one) => sum + one.key.length + (one.item.bytes?.length ?? 1000), 0);
    }
    if (bytes > maxSortBytes)
      throw new CommandError(292, 'Sort exceeded the memory limit of 104857600 bytes; add an index');
  }
  for (const { item } of kept.toSorted((a, b) => a.key.compare(b.key))) yield item;
}

export function* slice<T>(items: Paced<T>, skip: number, limit: number): Paced<T> {
  let place = 0;
  if (limit === 0) return;
  for (const item of items) {
    if (item === pause) yield pause;
    else if (++place > skip) {
      yield item;
      if (place >= skip + limit) return;
    }
  }
}

export function* projected(items: Paced<Item>, projection: Projection): Paced<Item> {
  for (const item of items) yield item === pause ? pause : { doc: project(projection, item.doc) };
}

/** The items as BSON; stored bytes go out as they are. */
export function* encoded(items: Paced<Item>): Paced<Buffer> {
  for (const item of items) yield item === pause ? pause : (item.bytes ?? encode(item.doc));
}

/** All values of a paced source at once, for use inside a transaction. */
export function* unpaced<T>(items: Paced<T>): Generator<T> {
  for (const item of items) if (item !== pause) yield item;
}
