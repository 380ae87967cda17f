import { Int32 } from 'bson';
import { decode } from '../bson/decode.js';
import { fields, type Doc, type Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import type { Filter } from '../query/filter.js';
import { parseFilter } from '../query/parse.js';
import { parseProjection, project } from '../query/project.js';
import type { Found } from '../query/scan.js';
import { parseSort } from '../query/sort.js';
import { ordered, unpaced } from '../query/stream.js';
import { applyUpdate } from '../update/apply.js';
import { parseUpdate } from '../update/parse.js';
import { upserted } from '../update/upsert.js';
import {
  collectionName,
  docField,
  docOrEmpty,
  flagField,
  type Call,
  type Command,
  type Parts,
} from './call.js';

export const findAndModify: Command = {
  kind: 'write',
  page: 'findAndModify',
  fields: ['findAndModify', 'query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'arrayFilters'],
  run: (call, parts) => {
    const { body } = call;
    const name = collectionName(call);
    const remove = flagField(body, 'remove');
    if (remove && (body.has('update') || flagField(body, 'upsert') || flagField(body, 'new')))
      throw new CommandError(9, 'Cannot specify update, upsert or new along with remove=true');
    if (remove && body.has('arrayFilters'))
      throw new CommandError(9, 'Cannot specify arrayFilters and remove=true');
    if (!remove && !body.has('update'))
      throw new CommandError(9, 'Either an update or remove=true must be specified');
    const projection = parseProjection(docField(body, 'fields'));
    const filter = parseFilter(docOrEmpty(body, 'query'));
    const found = first(call, parts, name, filter);
    const { last, value } = remove
      ? removed(call, parts, name, found)
      : updated(call, parts, name, filter, found);
    return fields({
      lastErrorObject: last,
      value: value && projection ? project(projection, value) : (value ?? null),
    });
  },
};

interface Outcome {
  readonly last: Doc;
  readonly value: Doc | undefined;
}

function first(call: Call, { store }: Parts, name: string, filter: Filter): Found | undefined {
  const sort = parseSort(docOrEmpty(call.body, 'sort'));
  const collection = store.catalog.find(call.database, name);
  if (!collection) return undefined;
  const next = unpaced(ordered(store, collection, filter, sort, 1)).next();
  return next.done === true ? undefined : next.value;
}

function removed(call: Call, { store }: Parts, name: string, found: Found | undefined): Outcome {
  const collection = store.catalog.find(call.database, name);
  if (collection && found) store.remove(collection, found.record, found.bytes);
  return { last: fields({ n: new Int32(found ? 1 : 0) }), value: found?.doc };
}

function updated(
  call: Call,
  { store, now }: Parts,
  name: string,
  filter: Filter,
  found: Found | undefined,
): Outcome {
  const { body } = call;
  const change = parseUpdate(body.get('update'), body.get('arrayFilters'));
  const after = flagField(body, 'new');
  const collection = store.catalog.find(call.database, name);
  if (found && collection) {
    const next = applyUpdate(change, decode(found.bytes), { hit: found.hit, inserting: false, now: now() });
    store.replace(collection, found.record, found.bytes, next);
    return { last: lastError(1, true), value: after ? next : found.doc };
  }
  if (!flagField(body, 'upsert')) return { last: lastError(0, false), value: undefined };
  const doc = upserted(filter, change, now());
  store.insert(call.database, name, doc);
  return { last: lastError(1, false, doc.get('_id')), value: after ? doc : undefined };
}

function lastError(n: number, updatedExisting: boolean, upsertedId?: Value): Doc {
  const last = fields({ n: new Int32(n), updatedExisting });
  if (upsertedId !== undefined) last.set('upserted', upsertedId);
  return last;
}
