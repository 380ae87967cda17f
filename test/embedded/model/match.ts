import { isFields, isNumber, order, sameKind, type Fields, type Plain } from './value.js';

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

export function isOperators(condition: Plain): condition is Fields {
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
  if (!isOperators(condition)) return equals(condition, values, opening);
  return Object.entries(condition).every(([operator, operand]) => test(operator)(operand, values, opening));
}

function test(operator: string): Test {
  const found = tests[operator];
  if (!found) throw new Error(`the model does not know ${operator}`);
  return found;
}

type Values = (Plain | undefined)[];
type Test = (operand: Plain, values: Values, opening: boolean) => boolean;

const some =
  (test: (value: Plain | undefined, operand: Plain) => boolean): Test =>
  (operand, values, opening) =>
    (opening ? opened(values) : values).some((value) => test(value, operand));

const equals = some((value, operand) =>
  value === undefined ? operand === null : order(value, operand) === 0,
);

const ordered = (test: (order: number) => boolean): Test =>
  some((value, operand) => {
    if (value === undefined && operand !== null) return false;
    return sameKind(value, operand) && test(order(value, operand));
  });

const among: Test = (operand, values, opening) => list(operand).some((one) => equals(one, values, opening));

/** By operator; what is not here the model does not take. */
export const tests: Readonly<Record<string, Test>> = {
  $eq: equals,
  $ne: (...all) => !equals(...all),
  $in: among,
  $nin: (...all) => !among(...all),
  $gt: ordered((o) => o > 0),
  $gte: ordered((o) => o >= 0),
  $lt: ordered((o) => o < 0),
  $lte: ordered((o) => o <= 0),
  $exists: (operand, values) => values.some((value) => value !== undefined) === operand,
  $size: (operand, values) =>
    values.some((value) => Array.isArray(value) && isNumber(operand) && value.length === Number(operand)),
  $all: (operand, values, opening) =>
    list(operand).length > 0 && list(operand).every((one) => equals(one, values, opening)),
  $not: (operand, values, opening) => !holds(values, operand, opening),
  $elemMatch: (operand, values) =>
    values.some((value) =>
      list(value).some((element) => isFields(operand) && elementHolds(element, operand)),
    ),
};

function list(value: Plain | undefined): Plain[] {
  return Array.isArray(value) ? value : [];
}

function elementHolds(element: Plain, condition: Fields): boolean {
  if (isOperators(condition)) return holds([element], condition, false);
  if (Array.isArray(element)) return modelMatches(condition, Object.fromEntries(Object.entries(element)));
  return isFields(element) && modelMatches(condition, element);
}
