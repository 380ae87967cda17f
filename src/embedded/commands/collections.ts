import { Int32 } from 'bson';
import { fields, isDoc, type Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { matches } from '../query/match.js';
import { parseFilter } from '../query/parse.js';
import type { Collection } from '../storage/catalog.js';
import { collectionName, docOrEmpty, flagField, onlyFields, type Command } from './call.js';
import { wholeBatch } from './cursors.js';

export const create: Command = {
  kind: 'write',
  page: 'create',
  fields: ['create'],
  run: (call, { store }) => {
    const name = collectionName(call);
    // MongoDB answers ok to the same collection with the same options; here there are no options.
    if (!store.catalog.find(call.database, name)) store.catalog.create(call.database, name);
    return new Map();
  },
};

export const drop: Command = {
  kind: 'write',
  page: 'drop',
  fields: ['drop'],
  run: (call, { store }) => {
    const name = collectionName(call);
    const collection = store.catalog.find(call.database, name);
    if (!collection) return new Map();
    const nIndexesWas = new Int32(collection.indexes.length);
    store.drop(collection);
    return fields({ ns: `${call.database}.${name}`, nIndexesWas });
  },
};

export const dropDatabase: Command = {
  kind: 'write',
  page: 'dropDatabase',
  fields: ['dropDatabase'],
  run: (call, { store }) => {
    const gone = store.catalog.all().filter((collection) => collection.database === call.database);
    for (const collection of gone) store.drop(collection);
    return gone.length > 0 ? fields({ dropped: call.database }) : new Map();
  },
};

export const listCollections: Command = {
  kind: 'read',
  page: 'listCollections',
  fields: ['listCollections', 'filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run: (call, { store }) => {
    const filter = parseFilter(docOrEmpty(call.body, 'filter'));
    const nameOnly = flagField(call.body, 'nameOnly');
    onlyFields(docOrEmpty(call.body, 'cursor'), 'listCollections.cursor', []);
    const rows = store.catalog
      .all()
      .filter((collection) => collection.database === call.database)
      .map((collection) => collectionRow(collection))
      .filter((row) => matches(filter, row))
      .map((row) => (nameOnly ? fields({ name: row.get('name') ?? '', type: 'collection' }) : row));
    return wholeBatch(`${call.database}.$cmd.listCollections`, rows);
  },
};

function collectionRow(collection: Collection): Doc {
  return fields({
    name: collection.name,
    type: 'collection',
    options: new Map(),
    info: fields({ readOnly: false }),
    idIndex: fields({ v: new Int32(2), key: fields({ _id: new Int32(1) }), name: '_id_' }),
  });
}

export const listDatabases: Command = {
  kind: 'read',
  page: 'listDatabases',
  fields: ['listDatabases', 'filter', 'nameOnly', 'authorizedDatabases'],
  run: (call, { store }) => {
    if (call.database !== 'admin')
      throw new CommandError(13, 'listDatabases may only be run against the admin database.');
    const filter = parseFilter(docOrEmpty(call.body, 'filter'));
    const nameOnly = flagField(call.body, 'nameOnly');
    const sizes = new Map<string, number>();
    for (const { database, bytes } of store.catalog.all())
      sizes.set(database, (sizes.get(database) ?? 0) + bytes);
    const rows = [...sizes]
      .map(([name, bytes]) => fields({ name, sizeOnDisk: BigInt(bytes), empty: false }))
      .filter((row) => isDoc(row) && matches(filter, row));
    const databases = nameOnly ? rows.map((row) => fields({ name: row.get('name') ?? '' })) : rows;
    return fields({ databases, totalSize: BigInt(store.catalog.bytes) });
  },
};
