import { compare, equal } from '../bson/compare.js';
import { CommandError } from '../errors.js';
import { isDoc, numberOf, typeName, type Doc, type Value } from '../bson/value.js';
import { matches } from '../query/match.js';
import { checkNoPattern, isOperators, parseElementCondition, parseFilter } from '../query/parse.js';
import type { Path } from '../query/paths.js';
import { parseSort } from '../query/sort.js';
import { valueAt } from './positions.js';

/** `$push`, with `$each`, `$slice` and `$sort`. */
export function push(value: Value | undefined, argument: Value, path: Path): Value[] {
  const list = listOf(value, path, '$push');
  const each = eachOf(argument);
  if (!each) return [...list, argument];
  const clauses = argument as Doc;
  for (const name of clauses.keys()) {
    if (!['$each', '$slice', '$sort'].includes(name))
      throw new CommandError(
        name === '$position' ? 9 : 2,
        `Unrecognized or unsupported clause in $push: ${name}`,
      );
  }
  return sliced(sorted([...list, ...each], clauses.get('$sort')), clauses.get('$slice'));
}

/** `$addToSet`, with `$each`: what is there stays, also its own doubles. */
export function addToSet(value: Value | undefined, argument: Value, path: Path): Value[] {
  const list = [...listOf(value, path, '$addToSet')];
  const each = eachOf(argument);
  if (each && (argument as Doc).size > 1)
    throw new CommandError(2, 'Found unexpected fields after $each in $addToSet');
  for (const one of each ?? [argument]) if (!list.some((element) => equal(element, one))) list.push(one);
  return list;
}

/** `$pull` by value, by operators on the element, or by a filter on elements that are documents. */
export function pull(value: Value, argument: Value, path: Path): Value[] {
  if (!Array.isArray(value))
    throw new CommandError(2, `Cannot apply $pull to a non-array value at '${path.join('.')}'`);
  const gone = pullTest(argument);
  return value.filter((element) => !gone(element));
}

/** What `$pull` takes out. @throws CommandError 2, 9 for a condition that no filter may hold */
export function pullTest(argument: Value): (element: Value) => boolean {
  checkNoPattern(argument);
  if (!isDoc(argument)) return (element) => equal(element, argument);
  if (isOperators(argument)) {
    const condition = parseElementCondition(argument);
    return (element) => matches(condition, element);
  }
  const filter = parseFilter(argument);
  return (element) => isDoc(element) && matches(filter, element);
}

function listOf(value: Value | undefined, path: Path, operator: string): readonly Value[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  const text = `The field '${path.join('.')}' must be an array but is of type ${typeName(value)}`;
  throw new CommandError(2, `Cannot apply ${operator}: ${text}`);
}

function eachOf(argument: Value): readonly Value[] | undefined {
  if (!isDoc(argument) || !argument.has('$each')) return undefined;
  const each = argument.get('$each');
  if (!Array.isArray(each))
    throw new CommandError(2, `The argument to $each must be an array but it was of type: ${typeName(each)}`);
  return each;
}

function sorted(list: Value[], sort: Value | undefined): Value[] {
  if (sort === undefined) return list;
  if (isDoc(sort)) {
    const fields = parseSort(sort);
    return list.toSorted((a, b) => {
      for (const { path, direction } of fields) {
        // An array here counts as a whole, not by its elements as in a query's sort.
        const order = compare(valueAt(a, path) ?? null, valueAt(b, path) ?? null);
        if (order !== 0) return order * direction;
      }
      return 0;
    });
  }
  const direction = numberOf(sort);
  if (direction !== 1 && direction !== -1)
    throw new CommandError(2, 'The $sort element value must be either 1 or -1');
  return list.toSorted((a, b) => compare(a, b) * direction);
}

function sliced(list: Value[], slice: Value | undefined): Value[] {
  if (slice === undefined) return list;
  const count = numberOf(slice);
  if (count === undefined || !Number.isInteger(count))
    throw new CommandError(2, 'The value for $slice must be an integer value');
  if (count === 0) return [];
  return count < 0 ? list.slice(count) : list.slice(0, count);
}
