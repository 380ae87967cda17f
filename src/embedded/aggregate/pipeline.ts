import { Int32 } from 'bson';
import { CommandError } from '../errors.js';
import { isDoc, numberOf, type Doc, type Value } from '../bson/value.js';
import type { Filter } from '../query/filter.js';
import { matches } from '../query/match.js';
import { parseFilter } from '../query/parse.js';
import { parseProjection, type Projection } from '../query/project.js';
import { pause, type Paced } from '../query/scan.js';
import { parseSort, type SortField } from '../query/sort.js';
import { projected, slice, sortItems, type Item } from '../query/stream.js';
import { group, parseGroup, type Grouping } from './group.js';

export type Stage =
  | { readonly kind: '$match'; readonly filter: Filter }
  | { readonly kind: '$sort'; readonly sort: readonly SortField[] }
  | { readonly kind: '$skip' | '$limit'; readonly count: number }
  | { readonly kind: '$project'; readonly projection: Projection }
  | { readonly kind: '$group'; readonly grouping: Grouping }
  | { readonly kind: '$count'; readonly field: string };

export const stageNames = ['$match', '$sort', '$skip', '$limit', '$project', '$group', '$count'];

/** @throws CommandError 9 (stage outside the subset) and what the stages' own parsers throw */
export function parsePipeline(stages: readonly Doc[]): Stage[] {
  return stages.map((stage) => {
    const [entry] = stage;
    if (!entry || stage.size !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    return parseStage(entry[0], entry[1]);
  });
}

function parseStage(name: string, value: Value): Stage {
  switch (name) {
    case '$match':
      return { kind: name, filter: parseFilter(object(name, value)) };
    case '$sort':
      return { kind: name, sort: sortOf(object(name, value)) };
    case '$skip':
    case '$limit':
      return { kind: name, count: countOf(name, value) };
    case '$project': {
      const projection = parseProjection(object(name, value));
      if (!projection) throw new CommandError(51272, '$project specification must have at least one field');
      return { kind: name, projection };
    }
    case '$group':
      return { kind: name, grouping: parseGroup(value) };
    case '$count':
      if (typeof value !== 'string' || value === '' || /^\$|[.\0]/.test(value))
        throw new CommandError(40156, 'the count field must be a non-empty string without . or leading $');
      return { kind: name, field: value };
    default:
      throw new CommandError(9, `The pipeline stage ${name} is not supported by this store`);
  }
}

function object(name: string, value: Value): Doc {
  if (!isDoc(value)) throw new CommandError(15959, `the ${name} specification must be an object`);
  return value;
}

function sortOf(spec: Doc): SortField[] {
  if (spec.size === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return parseSort(spec);
}

function countOf(name: string, value: Value): number {
  const count = numberOf(value);
  if (count === undefined || !Number.isInteger(count) || count < 0 || (name === '$limit' && count === 0))
    throw new CommandError(15958, `the ${name} must be a positive whole number`);
  return count;
}

/** The stages over a source, each pulling from the one before. */
export function run(source: Paced<Item>, stages: readonly Stage[]): Paced<Item> {
  return stages.reduce(apply, source);
}

function apply(items: Paced<Item>, stage: Stage): Paced<Item> {
  switch (stage.kind) {
    case '$match':
      return matching(items, stage.filter);
    case '$sort':
      return sortItems(items, stage.sort);
    case '$skip':
      return slice(items, stage.count, Infinity);
    case '$limit':
      return slice(items, 0, stage.count);
    case '$project':
      return projected(items, stage.projection);
    case '$group':
      return group(items, stage.grouping);
    case '$count':
      return counted(items, stage.field);
  }
}

function* matching(items: Paced<Item>, filter: Filter): Paced<Item> {
  for (const item of items) if (item === pause || matches(filter, item.doc)) yield item;
}

/** Nothing at all yields no document, as in MongoDB. */
function* counted(items: Paced<Item>, field: string): Paced<Item> {
  let n = 0;
  for (const item of items) {
    if (item === pause) yield pause;
    else n++;
  }
  if (n > 0) yield { doc: new Map([[field, new Int32(n)]]) };
}
