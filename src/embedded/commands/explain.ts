import { Int32 } from 'bson';
import { parsePipeline } from '../aggregate/pipeline.js';
import { fields, type Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import type { Filter } from '../query/filter.js';
import { parseFilter } from '../query/parse.js';
import { parseSort, type SortField } from '../query/sort.js';
import { pull } from '../query/pull.js';
import { ordered, slice } from '../query/stream.js';
import { keyPattern, type Collection } from '../storage/catalog.js';
import { plan, type IndexPlan, type Plan } from '../storage/planner.js';
import { head } from './aggregate.js';
import {
  collectionName,
  countField,
  docField,
  docOrEmpty,
  docsField,
  flagField,
  limitField,
  type Call,
  type Command,
  type Parts,
} from './call.js';

/** The documents that a command would read. */
interface Reading {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly skip: number;
  readonly limit: number;
}

/** Nothing is told of rejected plans, so the two that execute say the same. */
const verbosities: readonly unknown[] = [undefined, 'queryPlanner', 'executionStats', 'allPlansExecution'];

/** `inner` reads the command inside, and checks it by the table. */
export function explainWith(inner: (body: Doc, call: Call) => Call): Command {
  return {
    kind: 'read',
    page: 'explain',
    fields: ['explain', 'verbosity'],
    run: async (call, parts) => {
      const body = docField(call.body, 'explain');
      if (!body) throw new CommandError(14, "BSON field 'explain' must be an object");
      const verbosity = call.body.get('verbosity');
      if (!verbosities.includes(verbosity))
        throw new CommandError(9, 'The verbosity must be queryPlanner, executionStats or allPlansExecution');
      const explained = inner(body, call);
      const reading = readingOf(explained);
      const name = collectionName(explained);
      const collection = parts.store.catalog.find(call.database, name);
      const chosen: Plan = collection
        ? plan(collection, reading.filter, reading.sort)
        : { stage: 'COLLSCAN' };
      const answer = fields({
        explainVersion: '1',
        queryPlanner: fields({
          namespace: `${call.database}.${name}`,
          winningPlan: collection ? winning(chosen, reading) : fields({ stage: 'EOF' }),
          rejectedPlans: [],
        }),
      });
      const deadline = Math.min(call.deadline, explained.deadline);
      if (verbosity !== 'queryPlanner')
        answer.set('executionStats', await execution(collection, reading, parts, deadline));
      return answer;
    },
  };
}

function readingOf({ name, body }: Call): Reading {
  switch (name) {
    case 'find':
      return {
        ...reading(docOrEmpty(body, 'filter'), docOrEmpty(body, 'sort'), limitField(body, 'limit')),
        skip: countField(body, 'skip') ?? 0,
      };
    case 'count':
      return {
        ...reading(docOrEmpty(body, 'query'), new Map(), limitField(body, 'limit')),
        skip: countField(body, 'skip') ?? 0,
      };
    case 'distinct':
      return reading(docOrEmpty(body, 'query'));
    case 'findAndModify':
      return reading(docOrEmpty(body, 'query'), docOrEmpty(body, 'sort'), 1);
    case 'aggregate': {
      const { filter, sort, limit } = head(parsePipeline(docsField(body, 'pipeline')));
      return { filter, sort, skip: 0, limit };
    }
    case 'update': {
      const statement = onlyStatement(body, 'updates');
      return reading(docOrEmpty(statement, 'q'), new Map(), flagField(statement, 'multi') ? Infinity : 1);
    }
    case 'delete': {
      const statement = onlyStatement(body, 'deletes');
      return reading(docOrEmpty(statement, 'q'), new Map(), limitField(statement, 'limit'));
    }
    default:
      throw new CommandError(9, `explain of ${name} is not supported by this store`);
  }
}

function onlyStatement(body: Doc, field: string): Doc {
  const [first, ...more] = docsField(body, field);
  if (!first || more.length > 0) throw new CommandError(16, 'Explained write batches must be of size 1');
  return first;
}

function reading(filter: Doc, sort: Doc = new Map(), limit = Infinity): Reading {
  return { filter: parseFilter(filter), sort: parseSort(sort), skip: 0, limit };
}

function winning(chosen: Plan, { sort }: Reading): Doc {
  const isSorted = sort.length === 0 || (chosen.stage === 'IXSCAN' && chosen.sorted);
  const access = accessPlan(chosen);
  if (isSorted) return access;
  const pattern = new Map(sort.map((field) => [field.name, new Int32(field.direction)]));
  return fields({ stage: 'SORT', sortPattern: pattern, inputStage: access });
}

function accessPlan(chosen: Plan): Doc {
  switch (chosen.stage) {
    case 'COLLSCAN':
      return fields({ stage: 'COLLSCAN', direction: 'forward' });
    case 'OR':
      return fields({
        stage: 'FETCH',
        inputStage: fields({ stage: 'OR', inputStages: chosen.of.map(indexScan) }),
      });
    case 'IXSCAN':
      return fields({ stage: 'FETCH', inputStage: indexScan(chosen) });
  }
}

function indexScan({ index, reverse, bounded, ranges }: IndexPlan): Doc {
  return fields({
    stage: 'IXSCAN',
    keyPattern: keyPattern(index),
    indexName: index.name,
    isMultiKey: index.multikey.includes(true),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== undefined,
    direction: reverse ? 'backward' : 'forward',
    boundedFields: new Int32(bounded),
    ranges: new Int32(ranges.length),
  });
}

/** Reads as the command would, and counts. */
async function execution(
  collection: Collection | undefined,
  reading: Reading,
  { store }: Parts,
  deadline: number,
): Promise<Doc> {
  const cost = { keys: 0, documents: 0 };
  let n = 0;
  const start = performance.now();
  if (collection) {
    const source = ordered(
      store,
      collection,
      reading.filter,
      reading.sort,
      reading.skip + reading.limit,
      cost,
    );
    await pull(slice(source, reading.skip, reading.limit), () => ++n > 0, deadline);
  }
  return fields({
    executionSuccess: true,
    nReturned: new Int32(n),
    executionTimeMillis: new Int32(Math.round(performance.now() - start)),
    totalKeysExamined: new Int32(cost.keys),
    totalDocsExamined: new Int32(cost.documents),
  });
}
