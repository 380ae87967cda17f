import { isFields, order, type Fields, type Plain } from './value.js';

/** A document after an update of plain paths (no arrays on the way); throws where MongoDB refuses. */
export function modelUpdate(doc: Fields, update: Record<string, Fields>): Fields {
  const next = structuredClone(doc);
  const steps = Object.entries(update).flatMap(([operator, fields]) =>
    Object.entries(fields).map(([name, argument]) => ({ operator, path: name.split('.'), argument })),
  );
  for (const { operator, path, argument } of steps.toSorted((a, b) =>
    a.path.join('.') < b.path.join('.') ? -1 : 1,
  ))
    step(next, operator, path, argument);
  return next;
}

function step(doc: Fields, operator: string, path: string[], argument: Plain): void {
  const [head = '', ...rest] = path;
  if (rest.length > 0) {
    if (doc[head] === undefined) {
      if (operator === '$unset' || operator === '$pull') return;
      doc[head] = {};
    }
    const child = doc[head];
    if (isFields(child)) step(child, operator, rest, argument);
    else if (operator !== '$unset' && operator !== '$pull') throw new Error('28');
    return;
  }
  const before = doc[head];
  const after = changed(operator, before, argument);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain model
  if (after === undefined) delete doc[head];
  else doc[head] = after;
}

function changed(operator: string, value: Plain | undefined, argument: Plain): Plain | undefined {
  switch (operator) {
    case '$set':
      return argument;
    case '$unset':
      return undefined;
    case '$inc':
      if (value !== undefined && typeof value !== 'number') throw new Error('14');
      return (value ?? 0) + Number(argument);
    case '$min':
      return value === undefined || order(argument, value) < 0 ? argument : value;
    case '$max':
      return value === undefined || order(argument, value) > 0 ? argument : value;
    case '$push':
      return [...list(value), argument];
    case '$addToSet':
      return list(value).some((one) => order(one, argument) === 0) ? list(value) : [...list(value), argument];
    case '$pull':
      return value === undefined ? undefined : list(value).filter((one) => order(one, argument) !== 0);
    default:
      throw new Error(`the model does not know ${operator}`);
  }
}

function list(value: Plain | undefined): Plain[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error('2');
  return value;
}
