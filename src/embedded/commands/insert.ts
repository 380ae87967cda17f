import { encode } from '../bson/encode.js';
import type { Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { withIdFirst } from '../update/apply.js';
import type { Collection } from '../storage/catalog.js';
import type { Store } from '../storage/store.js';
import { collectionName, type Call, type Command } from './call.js';
import { eachStatement, writeAnswer } from './statements.js';

export const insert: Command = {
  kind: 'write',
  page: 'insert',
  fields: ['insert', 'documents', 'ordered'],
  run: (call, { store }) => {
    const name = collectionName(call);
    let n = 0;
    const errors = eachStatement(call, 'documents', (document) => {
      for (const field of document.keys()) {
        if (field.startsWith('$'))
          throw new CommandError(52, `The field name '${field}' is not valid for storage`);
      }
      const doc = withIdFirst(document);
      store.insert(collectionOf(store, call, name), doc, encode(doc));
      n++;
    });
    return writeAnswer(n, {}, errors);
  },
};

/** The collection, made now if it is not there: only a write that has something to add may ask. */
export function collectionOf(store: Store, call: Call, name: string): Collection {
  return store.catalog.find(call.database, name) ?? store.catalog.create(call.database, name);
}

/** Inserts what an upsert made; returns it. */
export function insertUpserted(store: Store, call: Call, name: string, doc: Doc): Doc {
  store.insert(collectionOf(store, call, name), doc, encode(doc));
  return doc;
}
