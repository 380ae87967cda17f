import { BSONRegExp } from 'bson';
import { CommandError } from '../errors.js';
import { isDoc, numberOf, rank, rankOf, type Doc, type Value } from '../bson/value.js';
import type { Filter } from './filter.js';
import type { Path } from './paths.js';

/** Operators that MongoDB has and this store refuses; anything else is unknown to both. */
const refused = new Set(
  (
    '$type $mod $expr $where $text $comment $jsonSchema $geoWithin $geoIntersects $near $nearSphere $rand ' +
    '$bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear $alwaysTrue $alwaysFalse $sampleRate $within $regex $options'
  ).split(' '),
);

/** The filter operators of the subset. */
export const filterOperators =
  '$eq $ne $in $nin $gt $gte $lt $lte $exists $and $or $nor $not $elemMatch $all $size'.split(' ');

/**
 * A filter document, parsed.
 * @throws CommandError 2 (bad or unknown operator), 9 (not in the subset)
 */
export function parseFilter(doc: Doc): Filter {
  const of: Filter[] = [];
  for (const [name, value] of doc) {
    if (name.startsWith('$')) of.push(logical(name, value));
    else of.push(condition(name.split('.'), value));
  }
  return { op: 'and', of };
}

function logical(name: string, value: Value): Filter {
  if (name !== '$and' && name !== '$or' && name !== '$nor') throw unknown(name, 'top level operator');
  if (!Array.isArray(value) || value.length === 0)
    throw new CommandError(2, `${name} must be a nonempty array`);
  const of = value.map((part) => {
    if (!isDoc(part)) throw new CommandError(2, `${name} argument's entries must be objects`);
    return parseFilter(part);
  });
  return { op: name === '$and' ? 'and' : name === '$or' ? 'or' : 'nor', of };
}

function condition(path: Path, value: Value): Filter {
  checkNoPattern(value);
  const doc = operatorsOf(value);
  return doc ? operators(path, doc) : { op: 'eq', path, value };
}

/** A condition on array elements by themselves, as `$pull` takes it: `{$gt: 5}`. */
export function parseElementCondition(operatorsDoc: Doc): Filter {
  return operators([], operatorsDoc);
}

/** Whether a value is a document of operators (and not a document to compare with). */
export function isOperators(value: Value): boolean {
  return operatorsOf(value) !== undefined;
}

function operatorsOf(value: Value): Doc | undefined {
  if (!isDoc(value)) return undefined;
  const [first] = value.keys();
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first) ? value : undefined;
}

function operators(path: Path, doc: Doc): Filter {
  const of = [...doc].map(([name, value]) => operator(path, name, value));
  return of.length === 1 && of[0] ? of[0] : { op: 'and', of };
}

function operator(path: Path, name: string, value: Value): Filter {
  switch (name) {
    case '$eq':
      return { op: 'eq', path, value };
    case '$ne':
      if (value instanceof BSONRegExp) throw new CommandError(2, "Can't have regex as arg to $ne.");
      return { op: 'not', of: { op: 'eq', path, value } };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return range(path, name, value);
    case '$in':
      return membership(path, name, value);
    case '$nin':
      return { op: 'not', of: membership(path, name, value) };
    case '$exists': {
      const exists: Filter = { op: 'exists', path };
      return truthy(value) ? exists : { op: 'not', of: exists };
    }
    default:
      return nested(path, name, value);
  }
}

function nested(path: Path, name: string, value: Value): Filter {
  switch (name) {
    case '$not':
      return negation(path, value);
    case '$size':
      return { op: 'size', path, size: arraySize(value) };
    case '$elemMatch':
      return elementMatch(path, value);
    case '$all':
      return all(path, value);
    default:
      throw unknown(name, 'operator');
  }
}

function range(path: Path, name: '$gt' | '$gte' | '$lt' | '$lte', value: Value): Filter {
  if (value instanceof BSONRegExp)
    throw new CommandError(2, `Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
  const op = ({ $gt: 'gt', $gte: 'gte', $lt: 'lt', $lte: 'lte' } as const)[name];
  return { op, path, value };
}

function membership(path: Path, name: string, value: Value): Filter {
  if (!Array.isArray(value)) throw new CommandError(2, `${name} needs an array`);
  if (value.some(isOperators)) throw new CommandError(2, `cannot nest $ under ${name}`);
  value.forEach(checkNoPattern);
  return { op: 'in', path, values: value };
}

function negation(path: Path, value: Value): Filter {
  checkNoPattern(value);
  if (!isDoc(value)) throw new CommandError(2, '$not needs a regex or a document');
  if (value.size === 0) throw new CommandError(2, '$not cannot be empty');
  if (!isOperators(value)) throw unknown([...value.keys()][0] ?? '', 'operator');
  return { op: 'not', of: operators(path, value) };
}

function elementMatch(path: Path, value: Value): Filter {
  if (!isDoc(value)) throw new CommandError(2, '$elemMatch needs an Object');
  const [first = ''] = value.keys();
  const onValue = isOperators(value) && !['$and', '$or', '$nor'].includes(first);
  return { op: 'elemMatch', path, of: onValue ? operators([], value) : parseFilter(value) };
}

function all(path: Path, value: Value): Filter {
  if (!Array.isArray(value)) throw new CommandError(2, '$all needs an array');
  // No value is in an empty list, so this never matches.
  if (value.length === 0) return { op: 'in', path, values: [] };
  const elements = value.filter((one) => isDoc(one) && one.has('$elemMatch')).length;
  if (elements > 0 && elements < value.length) throw new CommandError(2, 'no $ expressions in $all');
  return { op: 'and', of: value.map((one) => allOf(path, one)) };
}

function allOf(path: Path, one: Value): Filter {
  checkNoPattern(one);
  const doc = operatorsOf(one);
  if (!doc) return { op: 'eq', path, value: one };
  const inner = doc.get('$elemMatch');
  if (inner === undefined || doc.size > 1) throw new CommandError(2, 'no $ expressions in $all');
  return elementMatch(path, inner);
}

function arraySize(value: Value): number {
  const size = numberOf(value);
  if (size === undefined || !Number.isInteger(size))
    throw new CommandError(9, `Failed to parse $size. Expected an integer`);
  if (size < 0) throw new CommandError(9, 'Failed to parse $size. Expected a non-negative number');
  return size;
}

function truthy(value: Value): boolean {
  if (rankOf(value) === rank.number) return numberOf(value) !== 0;
  return value !== false && value !== null;
}

/** MongoDB reads patterns by PCRE, and JavaScript reads some of them otherwise. */
export function checkNoPattern(value: Value): void {
  if (value instanceof BSONRegExp)
    throw new CommandError(9, 'A regular expression as a condition is not supported by this store');
}

function unknown(name: string, what: string): CommandError {
  return refused.has(name)
    ? new CommandError(9, `${name} is not supported by this store`)
    : new CommandError(2, `unknown ${what}: ${name}`);
}
