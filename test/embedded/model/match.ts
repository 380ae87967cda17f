import { isFields, order, sameKind, type Fields, type Plain } from './value.js';

/** Every value a dotted path may mean in a document, arrays opened; written without a thought of speed. */
function meant(value: Plain | undefined, path: string[]): (Plain | undefined)[] {
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  if (isFields(value)) return meant(value[head], rest);
  if (!Array.isArray(value)) return [undefined];
  const byIndex = /^\d+$/.test(head) && Number(head) < value.length ? meant(value[Number(head)], rest) : [];
  return [...byIndex, ...value.filter(isFields).flatMap((element) => meant(element, path))];
}

/** A field value itself and, if it is an array, each of its elements. */
function opened(values: (Plain | undefined)[]): (Plain | undefined)[] {
  return values.flatMap((value) => (Array.isArray(value) ? [...value, value] : [value]));
}

function isOperators(condition: Plain): condition is Fields {
  return isFields(condition) && Object.keys(condition)[0]?.startsWith('$') === true;
}

export function modelMatches(filter: Fields, doc: Plain): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    const parts = condition as Fields[];
    if (name === '$and') return parts.every((part) => modelMatches(part, doc));
    if (name === '$or') return parts.some((part) => modelMatches(part, doc));
    if (name === '$nor') return !parts.some((part) => modelMatches(part, doc));
    return holds(meant(doc, name.split('.')), condition, true);
  });
}

function holds(values: (Plain | undefined)[], condition: Plain, opening: boolean): boolean {
  if (!isOperators(condition)) return holdsOne(values, '$eq', condition, opening);
  return Object.entries(condition).every(([operator, operand]) =>
    holdsOne(values, operator, operand, opening),
  );
}

function holdsOne(
  values: (Plain | undefined)[],
  operator: string,
  operand: Plain,
  opening: boolean,
): boolean {
  const all = opening ? opened(values) : values;
  const list = Array.isArray(operand) ? operand : [];
  const is = (one: Plain) =>
    all.some((value) => (value === undefined ? one === null : order(value, one) === 0));
  const compares = (test: (order: number) => boolean) =>
    all.some(
      (value) =>
        (value !== undefined || operand === null) && sameKind(value, operand) && test(order(value, operand)),
    );
  switch (operator) {
    case '$eq':
      return is(operand);
    case '$ne':
      return !is(operand);
    case '$in':
      return list.some(is);
    case '$nin':
      return !list.some(is);
    case '$gt':
      return compares((o) => o > 0);
    case '$gte':
      return compares((o) => o >= 0);
    case '$lt':
      return compares((o) => o < 0);
    case '$lte':
      return compares((o) => o <= 0);
    case '$exists':
      return values.some((value) => value !== undefined) === operand;
    case '$size':
      return values.some((value) => Array.isArray(value) && value.length === operand);
    case '$all':
      return list.length > 0 && list.every(is);
    case '$not':
      return !holds(values, operand, opening);
    case '$elemMatch':
      return values.some(
        (value) => Array.isArray(value) && value.some((element) => elementHolds(element, operand as Fields)),
      );
    default:
      throw new Error(`the model does not know ${operator}`);
  }
}

function elementHolds(element: Plain, condition: Fields): boolean {
  if (isOperators(condition)) return holds([element], condition, false);
  if (Array.isArray(element)) return modelMatches(condition, { ...element });
  return isFields(element) && modelMatches(condition, element);
}

/** Sorts like MongoDB: of an array the least element counts upwards, the greatest downwards; ties stay. */
export function modelSort<T extends Fields>(docs: T[], sort: Record<string, 1 | -1>): T[] {
  const key = (doc: Fields, name: string, direction: 1 | -1): Plain | undefined =>
    sortValues(doc, name.split('.')).toSorted((a, b) => orderWithLowest(a, b) * direction)[0];
  return docs.toSorted((a, b) => {
    for (const [name, direction] of Object.entries(sort)) {
      const difference = orderWithLowest(key(a, name, direction), key(b, name, direction)) * direction;
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** An element of an array that has no such field sorts as null. */
function sortValues(value: Plain | undefined, path: string[]): Plain[] {
  const [head, ...rest] = path;
  if (head === undefined)
    return Array.isArray(value) ? (value.length > 0 ? value : [lowest]) : [value ?? null];
  if (isFields(value)) return sortValues(value[head], rest);
  if (!Array.isArray(value) || value.length === 0) return [null];
  return value.flatMap((element) => (isFields(element) ? sortValues(element, path) : [null]));
}

/** An empty array sorts below null. */
const lowest: Plain = { lowest: true };

function orderWithLowest(a: Plain | undefined, b: Plain | undefined): number {
  if (a === lowest || b === lowest) return a === b ? 0 : a === lowest ? -1 : 1;
  return order(a, b);
}
