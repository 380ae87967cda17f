import { Int32 } from 'bson';
import { decode } from '../bson/decode.js';
import { fields, type Doc, type Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { parseFilter } from '../query/parse.js';
import { ordered, slice, unpaced } from '../query/stream.js';
import { applyUpdate } from '../update/apply.js';
import { parseUpdate } from '../update/parse.js';
import { upserted } from '../update/upsert.js';
import { collectionName, docOrEmpty, flagField, type Call, type Command, type Parts } from './call.js';
import { eachStatement, writeAnswer } from './statements.js';

export const update: Command = {
  kind: 'write',
  page: 'update',
  fields: ['update', 'updates', 'ordered'],
  statements: {
    field: 'updates',
    fields: ['q', 'u', 'multi', 'upsert', 'arrayFilters'],
    required: ['q', 'u'],
  },
  run: (call, parts) => {
    const name = collectionName(call);
    const total = { n: 0, nModified: 0 };
    const upserts: Doc[] = [];
    const errors = eachStatement(call, 'updates', (statement, index) => {
      const id = updateOne(call, parts, name, statement, total);
      if (id !== undefined) upserts.push(fields({ index: new Int32(index), _id: id }));
    });
    const more: Record<string, Value> = { nModified: new Int32(total.nModified) };
    if (upserts.length > 0) more['upserted'] = upserts;
    return writeAnswer(total.n, more, errors);
  },
};

/** Runs one statement, counts into `total` as it goes, and returns the `_id` of an upserted document. */
function updateOne(
  call: Call,
  { store, now }: Parts,
  name: string,
  statement: Doc,
  total: { n: number; nModified: number },
): Value | undefined {
  const filter = parseFilter(docOrEmpty(statement, 'q'));
  const change = parseUpdate(statement.get('u'), statement.get('arrayFilters'));
  const multi = flagField(statement, 'multi');
  if (multi && change.kind === 'replacement')
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  const collection = store.catalog.find(call.database, name);
  const limit = multi ? Infinity : 1;
  // All targets first: an update that moves a document in the index it is found by must not meet it again.
  const targets = collection
    ? [...unpaced(slice(ordered(store, collection, filter, [], limit), 0, limit))]
    : [];
  for (const { record, bytes, hit } of targets) {
    const next = applyUpdate(change, decode(bytes), { hit, inserting: false, now: now() });
    if (collection && store.replace(collection, record, bytes, next)) total.nModified++;
    total.n++;
  }
  if (targets.length > 0 || !flagField(statement, 'upsert')) return undefined;
  const doc = upserted(filter, change, now());
  store.insert(call.database, name, doc);
  total.n++;
  return doc.get('_id');
}
