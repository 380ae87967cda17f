import { parseFilter } from '../query/parse.js';
import { parseProjection } from '../query/project.js';
import { parseSort } from '../query/sort.js';
import { encoded, ordered, projected, slice, type Item } from '../query/stream.js';
import type { Paced } from '../query/scan.js';
import type { Doc } from '../bson/value.js';
import {
  collectionName,
  countField,
  limitField,
  docField,
  docOrEmpty,
  flagField,
  type Call,
  type Command,
  type Parts,
} from './call.js';
import { wholeBatch } from './cursors.js';

export const find: Command = {
  kind: 'read',
  page: 'find',
  fields: ['find', 'filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch'],
  run: (call, parts) => {
    const namespace = `${call.database}.${collectionName(call)}`;
    const items = findItems(call.body, collectionName(call), call, parts);
    if (!items) return wholeBatch(namespace, []);
    return parts.cursors.first(namespace, encoded(items), {
      batchSize: countField(call.body, 'batchSize'),
      single: flagField(call.body, 'singleBatch'),
      deadline: call.deadline,
    });
  },
};

/** What a find yields, checked at once and read lazily; undefined without the collection. */
function findItems(body: Doc, name: string, call: Call, parts: Parts): Paced<Item> | undefined {
  const filter = parseFilter(docOrEmpty(body, 'filter'));
  const sort = parseSort(docOrEmpty(body, 'sort'));
  const projection = parseProjection(docField(body, 'projection'));
  const skip = countField(body, 'skip') ?? 0;
  const limit = limitField(body, 'limit');
  const collection = parts.store.catalog.find(call.database, name);
  if (!collection) return undefined;
  const items = slice(ordered(parts.store, collection, filter, sort, skip + limit), skip, limit);
  return projection ? projected(items, projection) : items;
}
