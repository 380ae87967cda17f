import { sumOf } from './arithmetic.js';
import { isOperators, modelMatches } from './match.js';
import { modelSort } from './sort.js';
import { concrete, type Occasion } from './positions.js';
import { copyOf, isFields, isNumber, order, Refusal, textIn, type Fields, type Plain } from './value.js';

interface Step {
  readonly operator: string;
  readonly path: string[];
  readonly argument: Plain;
}

/** A document after an update; throws where MongoDB refuses. */
export function modelUpdate(doc: Fields, update: Fields, occasion: Occasion): Fields {
  if (Object.keys(update)[0]?.startsWith('$') !== true) return replaced(doc, update);
  const next = copyOf(doc);
  const given = stepsOf(update);
  checkArrayFilters(given, occasion.arrayFilters);
  const steps = given
    .filter(({ operator }) => operator !== '$setOnInsert' || occasion.inserting)
    .flatMap((step) => concrete(next, step.path, occasion).map((path) => ({ ...step, path })));
  for (const one of steps.toSorted((a, b) => orderPaths(targetOf(a), targetOf(b)))) step(next, next, one);
  if (doc['_id'] !== undefined && order(doc['_id'], next['_id']) !== 0) throw new Refusal(66);
  return next;
}

function replaced(doc: Fields, next: Fields): Fields {
  if (next['_id'] !== undefined && doc['_id'] !== undefined && order(next['_id'], doc['_id']) !== 0)
    throw new Refusal(66);
  const { _id = doc['_id'], ...fields } = copyOf(next);
  return _id === undefined ? fields : { _id, ...fields };
}

/** Parsed, and refused as far as no document is needed: unknown operators, arguments, conflicts. */
export function stepsOf(update: Fields): Step[] {
  const steps = Object.entries(update).flatMap(([operator, fields]) => {
    if (!(operator in changes) && !['$rename'].includes(operator)) throw new Refusal(9);
    return Object.entries(fields as Fields).map(([name, argument]) => ({
      operator,
      path: name.split('.'),
      argument,
    }));
  });
  for (const { operator, argument } of steps)
    if (operator === '$inc' && !isNumber(argument)) throw new Refusal(14);
  const paths = steps.flatMap((one) => (one.operator === '$rename' ? [one.path, targetOf(one)] : [one.path]));
  for (const [i, a] of paths.entries())
    for (const b of paths.slice(i + 1))
      if (a.slice(0, b.length).join('.') === b.slice(0, a.length).join('.')) throw new Refusal(40);
  return steps;
}

/** Every filter is used, every identifier has one. */
export function checkArrayFilters(steps: Step[], filters: readonly Fields[]): void {
  const names = filters.map(nameOf);
  for (const name of names) if (!steps.some(({ path }) => path.includes(`$[${name}]`))) throw new Refusal(9);
  const asked = steps.flatMap(({ path }) =>
    path.flatMap((segment) => /^\$\[(\w+)\]$/.exec(segment)?.[1] ?? []),
  );
  if (asked.some((name) => !names.includes(name))) throw new Refusal(2);
}

export function nameOf(filter: Fields): string {
  return Object.keys(filter)[0]?.split('.')[0] ?? '';
}

/** A renamed field is written where it goes to. */
function targetOf({ operator, path, argument }: Step): string[] {
  return operator === '$rename' ? textIn(argument).split('.') : path;
}

function orderPaths(a: string[], b: string[]): number {
  const at = a.findIndex((segment, i) => segment !== b[i]);
  const [left = '', right = ''] = [a[at], b[at]];
  if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right);
  return left < right ? -1 : 1;
}

function step(root: Fields, parent: Fields | Plain[], { operator, path, argument }: Step): void {
  const [head = '', ...rest] = path;
  if (operator === '$rename') rename(root, path, textIn(argument));
  else if (Array.isArray(parent) && !/^\d+$/.test(head)) missing(operator);
  else if (rest.length === 0) changed(parent, head, changes[operator]?.(get(parent, head), argument));
  else if (get(parent, head) !== undefined || !leavesAlone(operator)) {
    const below = get(parent, head) === undefined ? put(parent, head, {}) : get(parent, head);
    if (isFields(below) || Array.isArray(below)) step(root, below, { operator, path: rest, argument });
    else missing(operator);
  }
}

/** An element that is taken away leaves null. */
function changed(parent: Fields | Plain[], name: string, after: Plain | undefined): void {
  if (after !== undefined) put(parent, name, after);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain model
  else if (!Array.isArray(parent)) delete parent[name];
  else if (Number(name) < parent.length) parent[Number(name)] = null;
}

function leavesAlone(operator: string): boolean {
  return operator === '$unset' || operator === '$pull';
}

/** The path cannot be there: nothing to remove, and no way to make it. */
function missing(operator: string): void {
  if (!leavesAlone(operator)) throw new Refusal(28);
}

function get(parent: Fields | Plain[], name: string): Plain | undefined {
  return Array.isArray(parent) ? parent[Number(name)] : parent[name];
}

function put<T extends Plain>(parent: Fields | Plain[], name: string, value: T): T {
  if (Array.isArray(parent)) {
    while (parent.length < Number(name)) parent.push(null);
    parent[Number(name)] = value;
  } else parent[name] = value;
  return value;
}

/** Of fields that lie in documents only. */
function rename(root: Fields, path: string[], to: string): void {
  let parent: Plain | undefined = root;
  for (const segment of path.slice(0, -1)) {
    parent = isFields(parent) ? parent[segment] : undefined;
    if (Array.isArray(parent)) throw new Refusal(2);
  }
  const name = path.at(-1) ?? '';
  if (!isFields(parent) || parent[name] === undefined) return;
  const value = parent[name];
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain model
  delete parent[name];
  root[to] = value;
}

type Change = (value: Plain | undefined, argument: Plain) => Plain | undefined;

const changes: Readonly<Record<string, Change>> = {
  $set: (_, argument) => copyOf(argument),
  $setOnInsert: (_, argument) => copyOf(argument),
  $unset: () => undefined,
  $inc: (value, argument) => {
    if (!isNumber(argument) || (value !== undefined && !isNumber(value))) throw new Refusal(14);
    return value === undefined ? argument : sumOf(value, argument);
  },
  $min: (value, argument) => (value === undefined || order(argument, value) < 0 ? copyOf(argument) : value),
  $max: (value, argument) => (value === undefined || order(argument, value) > 0 ? copyOf(argument) : value),
  $push: (value, argument) => {
    const before = list(value);
    if (!isFields(argument) || argument['$each'] === undefined) return [...before, copyOf(argument)];
    const { $each, $sort, $slice } = argument;
    const sorted = sortList([...before, ...(copyOf($each) as Plain[])], $sort);
    if ($slice === undefined) return sorted;
    return Number($slice) < 0 ? sorted.slice(Number($slice)) : sorted.slice(0, Number($slice));
  },
  $addToSet: (value, argument) => {
    const fresh = isFields(argument) && Array.isArray(argument['$each']) ? argument['$each'] : [argument];
    return fresh.reduce<Plain[]>(
      (all, one) => (all.some((other) => order(other, one) === 0) ? all : [...all, copyOf(one)]),
      list(value),
    );
  },
  $pull: (value, argument) =>
    value === undefined ? undefined : list(value).filter((one) => !isPulled(one, argument)),
};

function sortList(values: Plain[], sort: Plain | undefined): Plain[] {
  if (sort === undefined) return values;
  if (!isFields(sort)) return values.toSorted((a, b) => order(a, b) * Number(sort));
  // An element that is no document sorts as if every field were missing.
  const wrapped = values.map((value) => ({ of: value, ...(isFields(value) ? { by: value } : {}) }));
  const by = Object.fromEntries(Object.entries(sort).map(([name, direction]) => [`by.${name}`, direction]));
  return modelSort(wrapped, by).map((one) => one.of ?? null);
}

/** By operators on the element, or as a filter on documents, or by value. */
function isPulled(element: Plain, argument: Plain): boolean {
  if (isOperators(argument)) return modelMatches({ it: { $elemMatch: argument } }, { it: [element] });
  return isFields(argument)
    ? isFields(element) && modelMatches(argument, element)
    : order(element, argument) === 0;
}

function list(value: Plain | undefined): Plain[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Refusal(2);
  return value;
}
