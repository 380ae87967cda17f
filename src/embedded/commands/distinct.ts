import { CommandError } from '../errors.js';
import { fields, isDoc, type Doc, type Value } from '../bson/value.js';
import { isIndex, type Path } from '../query/paths.js';
import { parseFilter } from '../query/parse.js';
import { pull } from '../query/pull.js';
import { ordered } from '../query/stream.js';
import { KeyWriter } from '../storage/keys.js';
import { collectionName, docOrEmpty, type Command } from './call.js';

export const distinct: Command = {
  kind: 'read',
  page: 'distinct',
  fields: ['distinct', 'key', 'query'],
  run: async (call, { store }) => {
    const key = call.body.get('key');
    if (typeof key !== 'string' || key === '')
      throw new CommandError(14, "BSON field 'distinct.key' must be a nonempty string");
    const filter = parseFilter(docOrEmpty(call.body, 'query'));
    const collection = store.catalog.find(call.database, collectionName(call));
    if (!collection) return fields({ values: [] });
    const path = key.split('.');
    // By key bytes: equal numbers of several types are one value, a date never equals its text.
    const values = new Map<string, Value>();
    const add = (value: Value): void => {
      const bytes = new KeyWriter().field(value, 1).done().toString('latin1');
      if (!values.has(bytes)) values.set(bytes, value);
    };
    const each = ({ doc }: { doc: Doc }): boolean => {
      visit(doc, path, add);
      return true;
    };
    await pull(ordered(store, collection, filter, []), each, call.deadline);
    return fields({ values: [...values.values()] });
  },
};

/** The values that are there; arrays opened, once at the end. */
function visit(value: Value | undefined, path: Path, add: (value: Value) => void): void {
  const [segment, ...rest] = path;
  if (value === undefined) return;
  if (segment === undefined) {
    for (const one of Array.isArray(value) ? value : [value]) add(one);
  } else if (isDoc(value)) visit(value.get(segment), rest, add);
  else if (Array.isArray(value)) {
    if (isIndex(segment)) visit(value[Number(segment)], rest, add);
    for (const element of value) if (isDoc(element)) visit(element, path, add);
  }
}
