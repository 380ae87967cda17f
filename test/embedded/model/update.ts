import { modelMatches } from './match.js';
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
  const after = changes[operator]?.(before, argument);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain model
  if (after === undefined) delete doc[head];
  else doc[head] = after;
}

type Change = (value: Plain | undefined, argument: Plain) => Plain | undefined;

const changes: Record<string, Change> = {
  $set: (_, argument) => argument,
  $unset: () => undefined,
  $inc: (value, argument) => {
    if (value !== undefined && typeof value !== 'number') throw new Error('14');
    return (value ?? 0) + Number(argument);
  },
  $min: (value, argument) => (value === undefined || order(argument, value) < 0 ? argument : value),
  $max: (value, argument) => (value === undefined || order(argument, value) > 0 ? argument : value),
  $push: (value, argument) => [...list(value), argument],
  $addToSet: (value, argument) =>
    list(value).some((one) => order(one, argument) === 0) ? list(value) : [...list(value), argument],
  $pull: (value, argument) =>
    value === undefined ? undefined : list(value).filter((one) => !isPulled(one, argument)),
};

/** A document pulls the documents that it matches as a filter. */
function isPulled(element: Plain, argument: Plain): boolean {
  return isFields(argument)
    ? isFields(element) && modelMatches(argument, element)
    : order(element, argument) === 0;
}

function list(value: Plain | undefined): Plain[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error('2');
  return value;
}
