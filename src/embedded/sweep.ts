import { rank } from './bson/value.js';
import { forgetAnswers } from './commands/retry.js';
import type { Collection, Index } from './storage/catalog.js';
import { indexPrefix, recordAt } from './storage/entries.js';
import { KeyWriter } from './storage/keys.js';
import type { Store } from './storage/store.js';

/** Rows that one transaction of a sweep looks at, so that writers wait little. */
const sliceRows = 500;

/** Removes expired documents (TTL indexes) and answers of retryable writes past their time. */
export async function sweep(store: Store, now: Date): Promise<void> {
  for (const collection of store.catalog.all()) {
    for (const index of collection.indexes) {
      while (
        index.expireAfterSeconds !== undefined &&
        (await expireSlice(store, collection, index, now)) === sliceRows
      );
    }
  }
  let start: Buffer | undefined;
  do {
    const from = start;
    start = await store.env.write(() => forgetAnswers(store.env, now, from, sliceRows));
  } while (start);
}

/** Returns the number of documents it removed. Values that are no dates never expire. */
function expireSlice(store: Store, collection: Collection, index: Index, now: Date): Promise<number> {
  return store.env.write(() => {
    const living = store.catalog.find(collection.database, collection.name);
    if (living?.indexes.some((one) => one.number === index.number) !== true) return 0;
    const oldest = new Date(now.getTime() - (index.expireAfterSeconds ?? 0) * 1000);
    const direction = index.fields[0]?.direction ?? 1;
    const [from, to] = [new Date(-8.64e15), oldest].map((date) =>
      new KeyWriter().field(date, direction).done(),
    );
    const prefix = indexPrefix(index);
    const [start, end] = direction === 1 ? [from, to] : [to, from];
    const range = {
      start: Buffer.concat([prefix, start ?? Buffer.from([rank.date])]),
      end: Buffer.concat([prefix, end ?? Buffer.alloc(0)]),
    };
    const records = new Set(store.env.rows(range, sliceRows).map((row) => recordAt(row.value)));
    for (const record of records) {
      const bytes = store.read(living, record);
      if (bytes) store.remove(living, record, bytes);
    }
    return records.size;
  });
}
