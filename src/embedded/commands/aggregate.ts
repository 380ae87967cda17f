import { Int32 } from 'bson';
import { parsePipeline, run, type Stage } from '../aggregate/pipeline.js';
import type { Doc, Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { conjuncts, type Filter } from '../query/filter.js';
import { encoded, ordered, type Item } from '../query/stream.js';
import type { Paced } from '../query/scan.js';
import type { SortField } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import type { Store } from '../storage/store.js';
import {
  collectionName,
  countField,
  docField,
  docsField,
  flagField,
  onlyFields,
  type Command,
} from './call.js';
import { knownCount } from './count.js';
import { wholeBatch } from './cursors.js';

export const aggregate: Command = {
  kind: 'read',
  page: 'aggregate',
  fields: ['aggregate', 'pipeline', 'cursor', 'allowDiskUse'],
  run: (call, { store, cursors }) => {
    if (flagField(call.body, 'allowDiskUse'))
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
    onlyFields(cursor, 'aggregate.cursor', ['batchSize']);
    const batchSize = countField(cursor, 'batchSize');
    const collection = store.catalog.find(call.database, name);
    if (!collection) return wholeBatch(namespace, []);
    const items = aggregated(store, collection, stages);
    return cursors.first(namespace, encoded(items), { batchSize, single: false, deadline: call.deadline });
  },
};

/** What the pipeline yields; its head is a find, so that indexes serve `$match` and `$sort`. */
function aggregated(store: Store, collection: Collection, stages: readonly Stage[]): Paced<Item> {
  const { filter, sort, limit, rest } = head(stages);
  const id = sort.length === 0 ? countedAs(rest) : undefined;
  const counted = id === undefined ? undefined : knownCount(store, collection, filter);
  if (id !== undefined && counted !== undefined) return one(id, counted);
  return run(ordered(store, collection, filter, sort, limit), rest);
}

export interface Head {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  /** As many documents are enough. */
  readonly limit: number;
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
  const rest = stages.slice(matchCount + (sort.length > 0 ? 1 : 0));
  const limit = rest[0]?.kind === '$limit' ? rest[0].count : Infinity;
  return { filter: { op: 'and', of: filters }, sort, limit, rest };
}

/** The constant `_id` of what drivers make of `countDocuments`, `{$group: {_id: 1, n: {$sum: 1}}}`; undefined for anything else. */
function countedAs(stages: readonly Stage[]): Value | undefined {
  const [stage] = stages;
  if (stages.length !== 1 || stage?.kind !== '$group') return undefined;
  const { id, sums } = stage.grouping;
  const [sum] = sums;
  const isCount =
    sums.length === 1 &&
    sum?.field === 'n' &&
    sum.name === '$sum' &&
    sum.expression.kind === 'constant' &&
    sum.expression.value instanceof Int32 &&
    sum.expression.value.value === 1;
  return isCount && id.kind === 'constant' ? id.value : undefined;
}

function* one(id: Value, n: number): Paced<Item> {
  const doc: Doc = new Map<string, Value>([
    ['_id', id],
    ['n', new Int32(n)],
  ]);
  if (n > 0) yield { doc };
}
