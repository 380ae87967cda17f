import { equal } from '../bson/compare.js';
import { isDoc, numberOf, typeName, type Doc, type Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { parseFilter } from '../query/parse.js';
import { isIndex } from '../query/paths.js';
import { indexFields, keyPattern, type Index } from './catalog.js';

export const indexSpecFields = [
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'v',
  'background',
];

type Wanted = Omit<Index, 'number'>;

/**
 * An index as createIndexes describes it; that it has no other fields is the command table's to see.
 * @throws CommandError 67 (bad key, filter or version), 9, 14
 */
export function parseIndexSpec(spec: Doc): Wanted {
  const key = spec.get('key');
  if (!isDoc(key) || key.size === 0) throw new CommandError(67, 'Index keys cannot be empty');
  for (const [name, direction] of key) checkKey(name, direction);
  const fields = indexFields(key);
  const name = spec.get('name');
  if (typeof name !== 'string' || name === '') throw new CommandError(9, 'The index needs a name');
  const sparse = flagOf(spec, 'sparse');
  // Says nothing since MongoDB 4.2.
  flagOf(spec, 'background');
  const version = spec.get('v') ?? 2;
  if (numberOf(version) !== 2)
    throw new CommandError(67, 'Only version 2 of indexes is supported by this store');
  const partial = partialOf(spec.get('partialFilterExpression'));
  if (sparse && partial)
    throw new CommandError(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
  return {
    name,
    fields,
    unique: flagOf(spec, 'unique'),
    sparse,
    partial,
    expireAfterSeconds: expiryOf(spec, fields.length),
    multikey: fields.map(() => false),
    cut: false,
  };
}

function checkKey(name: string, direction: Value): void {
  const number = numberOf(direction);
  if (number === undefined)
    throw new CommandError(67, `The index type of '${name}' is not supported by this store`);
  if (number !== 1 && number !== -1)
    throw new CommandError(67, `The direction of '${name}' in an index must be 1 or -1 in this store`);
  if (name.split('.').some((segment) => segment === '' || segment.startsWith('$')))
    throw new CommandError(67, `Index key '${name}' is not valid`);
  if (name.split('.').some(isIndex))
    throw new CommandError(67, `An index on a place in an array ('${name}') is not supported by this store`);
}

function flagOf(spec: Doc, name: string): boolean {
  const value = spec.get(name);
  const number = numberOf(value);
  if (value !== undefined && typeof value !== 'boolean' && number === undefined)
    throw new CommandError(
      14,
      `The field '${name}' has type ${typeName(value)}, which is not convertible to bool`,
    );
  return value === true || (number ?? 0) !== 0;
}

function expiryOf(spec: Doc, fieldCount: number): number | undefined {
  const value = spec.get('expireAfterSeconds');
  if (value === undefined) return undefined;
  const seconds = numberOf(value);
  if (seconds === undefined || !(seconds >= 0 && seconds <= 2 ** 31 - 1))
    throw new CommandError(67, 'TTL index expireAfterSeconds must be within 0 to 2147483647');
  if (fieldCount > 1)
    throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL.');
  return seconds;
}

/** Equality and `$exists: true` only: the planner must be able to see that a filter implies it. */
function partialOf(value: Value | undefined): Doc | undefined {
  if (value === undefined) return undefined;
  if (!isDoc(value)) throw new CommandError(14, "'partialFilterExpression' must be an object");
  parseFilter(value);
  for (const [name, condition] of value) {
    const operators = isDoc(condition) ? [...condition.keys()].filter((key) => key.startsWith('$')) : [];
    const exists = isDoc(condition) && operators.length === 1 && condition.get('$exists') === true;
    const equals = operators.length === 0 || (operators.length === 1 && operators[0] === '$eq');
    if (name.startsWith('$') || (!exists && !equals))
      throw new CommandError(
        67,
        `The partial filter on '${name}' is not supported by this store: only equality and $exists: true are`,
      );
  }
  return value;
}

/**
 * The index that is already there under this name or key; undefined if there is none.
 * @throws CommandError 86 (same name, other key), 85 (same key, other name or options)
 */
export function existing(indexes: readonly Index[], wanted: Wanted): Index | undefined {
  const sameName = indexes.find((index) => index.name === wanted.name);
  const sameKey = indexes.find((index) => equalInOrder(index, wanted));
  if (sameName && sameName !== sameKey)
    throw new CommandError(86, `An existing index has the same name as the requested index: ${wanted.name}`);
  if (!sameKey) return undefined;
  const sameOptions =
    sameKey.name === '_id_' ||
    (sameKey.unique === wanted.unique &&
      sameKey.sparse === wanted.sparse &&
      sameKey.expireAfterSeconds === wanted.expireAfterSeconds &&
      equal(sameKey.partial, wanted.partial));
  if (!sameOptions || (sameKey.name !== wanted.name && sameKey.name !== '_id_'))
    throw new CommandError(85, `Index already exists with a different name or options: ${sameKey.name}`);
  return sameKey;
}

function equalInOrder(a: Wanted, b: Wanted): boolean {
  return equal(keyPattern(a), keyPattern(b));
}
