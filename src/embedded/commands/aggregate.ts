import { Int32 } from 'bson';
import { parsePipeline, run, type Stage } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { conjuncts, type Filter } from '../query/filter.js';
import { encoded, ordered, type Item } from '../query/stream.js';
import type { Paced, ScanCost } from '../query/scan.js';
import type { SortField } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import type { Store } from '../storage/store.js';
import { collectionName, countField, docField, docsField, type Command } from './call.js';
import { knownCount } from './count.js';
import { wholeBatch } from './cursors.js';

export const aggregate: Command = {
  kind: 'read',
  page: 'aggregate',
  fields: ['aggregate', 'pipeline', 'cursor', 'allowDiskUse'],
  run: (call, { store, cursors }) => {
    if (call.body.get('allowDiskUse') === true)
      throw new CommandError(9, 'allowDiskUse is not supported by this store');
    const name = collectionName(call);
    const namespace = `${call.database}.${name}`;
    const stages = parsePipeline(docsField(call.body, 'pipeline'));
    const cursor = docField(call.body, 'cursor');
    if (!cursor)
      throw new CommandError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const batchSize = countField(cursor, 'batchSize');
    const collection = store.catalog.find(call.database, name);
    if (!collection) return wholeBatch(namespace, []);
    const items = aggregated(store, collection, stages);
    return cursors.first(namespace, encoded(items), { batchSize, single: false, deadline: call.deadline });
  },
};

/** What the pipeline yields; its head is a find, so that indexes serve `$match` and `$sort`. */
export function aggregated(
  store: Store,
  collection: Collection,
  stages: readonly Stage[],
  cost?: ScanCost,
): Paced<Item> {
  const { filter, sort, rest } = head(stages);
  const counted =
    counts(rest) && sort.length === 0 && !cost ? knownCount(store, collection, filter) : undefined;
  if (counted !== undefined) return run(one(counted), []);
  const [next] = rest;
  const limit = next?.kind === '$limit' ? next.count : Infinity;
  return run(ordered(store, collection, filter, sort, limit, cost), rest);
}

export interface Head {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly rest: readonly Stage[];
}

export function head(stages: readonly Stage[]): Head {
  const firstOther = stages.findIndex((stage) => stage.kind !== '$match');
  const matchCount = firstOther < 0 ? stages.length : firstOther;
  const filters = stages
    .slice(0, matchCount)
    .flatMap((stage) => (stage.kind === '$match' ? conjuncts(stage.filter) : []));
  const next = stages[matchCount];
  const sort = next?.kind === '$sort' ? next.sort : [];
  return {
    filter: { op: 'and', of: filters },
    sort,
    rest: stages.slice(matchCount + (sort.length > 0 ? 1 : 0)),
  };
}

/** `countDocuments` of the drivers: `{$group: {_id: 1, n: {$sum: 1}}}` and nothing else. */
function counts(stages: readonly Stage[]): boolean {
  const [stage] = stages;
  if (stages.length !== 1 || stage?.kind !== '$group') return false;
  const [sum] = stage.grouping.sums;
  return (
    stage.grouping.id.kind === 'constant' &&
    stage.grouping.sums.length === 1 &&
    sum?.field === 'n' &&
    sum.name === '$sum' &&
    sum.expression.kind === 'constant' &&
    sum.expression.value instanceof Int32 &&
    sum.expression.value.value === 1
  );
}

function* one(n: number): Paced<Item> {
  const doc: Doc = new Map([
    ['_id', new Int32(1)],
    ['n', new Int32(n)],
  ]);
  if (n > 0) yield { doc };
}
