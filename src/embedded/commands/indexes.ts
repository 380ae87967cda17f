import { Int32 } from 'bson';
import { fields, isDoc, numberOf, type Doc, type Value } from '../bson/value.js';
import { equal } from '../bson/compare.js';
import { CommandError } from '../errors.js';
import { keyPattern, type Collection, type Index } from '../storage/catalog.js';
import { existing, indexSpecFields, parseIndexSpec } from '../storage/index-spec.js';
import {
  collectionName,
  docOrEmpty,
  docsField,
  onlyFields,
  type Call,
  type Command,
  type Parts,
} from './call.js';
import { wholeBatch } from './cursors.js';

export const createIndexes: Command = {
  kind: 'write',
  page: 'createIndexes',
  fields: ['createIndexes', 'indexes', 'commitQuorum'],
  statements: { field: 'indexes', fields: indexSpecFields, required: ['key', 'name'] },
  run: (call, { store }) => {
    const name = collectionName(call);
    checkCommitQuorum(call.body.get('commitQuorum'));
    const specs = docsField(call.body, 'indexes').map(parseIndexSpec);
    if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
    const before = store.catalog.find(call.database, name);
    const collection = before ?? store.catalog.create(call.database, name);
    const numIndexesBefore = collection.indexes.length;
    const built: Index[] = [];
    try {
      for (const spec of specs) {
        if (existing(collection.indexes, spec)) continue;
        const index = { ...spec, number: store.catalog.takeNumber() };
        built.push(index);
        store.build(collection, index);
      }
    } catch (error) {
      // All of the command's indexes or none: also the entries of a half-built one go.
      for (const index of built) store.dropIndex(collection, index);
      throw error;
    }
    return fields({
      numIndexesBefore: new Int32(numIndexesBefore),
      numIndexesAfter: new Int32(collection.indexes.length),
      createdCollectionAutomatically: !before,
    });
  },
};

/** How many members must have built the index: of one member, every quorum that it can meet says the same. */
function checkCommitQuorum(quorum: Value | undefined): void {
  if (quorum === undefined || quorum === 'majority' || quorum === 'votingMembers') return;
  const members = numberOf(quorum);
  if (members !== 0 && members !== 1)
    throw new CommandError(
      9,
      "commitQuorum must be 'majority', 'votingMembers', 0 or 1: this store is its set's only member",
    );
}

export const dropIndexes: Command = {
  kind: 'write',
  page: 'dropIndexes',
  fields: ['dropIndexes', 'index'],
  run: (call, { store }) => {
    const collection = existingCollection(call, { store });
    const nIndexesWas = new Int32(collection.indexes.length);
    const wanted = call.body.get('index');
    if (wanted === undefined)
      throw new CommandError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
    for (const index of chosen(collection, wanted)) store.dropIndex(collection, index);
    return fields({ nIndexesWas });
  },
};

function chosen(collection: Collection, wanted: Value): Index[] {
  const others = collection.indexes.filter((index) => index.name !== '_id_');
  if (wanted === '*') return others;
  return (Array.isArray(wanted) ? wanted : [wanted]).map((one) => {
    const index = collection.indexes.find((index) =>
      isDoc(one) ? equal(keyPattern(index), one) : index.name === one,
    );
    if (!index) throw new CommandError(27, 'index not found with name or key');
    if (index.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
    return index;
  });
}

export const listIndexes: Command = {
  kind: 'read',
  page: 'listIndexes',
  fields: ['listIndexes', 'cursor'],
  run: (call, parts) => {
    onlyFields(docOrEmpty(call.body, 'cursor'), 'listIndexes.cursor', []);
    const collection = existingCollection(call, parts);
    return wholeBatch(`${call.database}.${collection.name}`, collection.indexes.map(description));
  },
};

function existingCollection(call: Call, { store }: Pick<Parts, 'store'>): Collection {
  const name = collectionName(call);
  const collection = store.catalog.find(call.database, name);
  if (!collection) throw new CommandError(26, `ns does not exist: ${call.database}.${name}`);
  return collection;
}

function description(index: Index): Doc {
  const row = fields({ v: new Int32(2), key: keyPattern(index), name: index.name });
  if (index.unique && index.name !== '_id_') row.set('unique', true);
  if (index.sparse) row.set('sparse', true);
  if (index.partial) row.set('partialFilterExpression', index.partial);
  if (index.expireAfterSeconds !== undefined)
    row.set('expireAfterSeconds', new Int32(index.expireAfterSeconds));
  return row;
}
