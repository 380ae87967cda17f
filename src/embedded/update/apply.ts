import { ObjectId, Timestamp } from 'bson';
import { compare } from '../bson/compare.js';
import { CommandError } from '../errors.js';
import { isDoc, type Doc, type Value } from '../bson/value.js';
import type { Hit } from '../query/match.js';
import type { Path } from '../query/paths.js';
import { addToSet, pull, push } from './arrays.js';
import { add } from './arithmetic.js';
import { checkConflicts, comparePaths } from './conflicts.js';
import { renameTarget, type Modification, type Update } from './parse.js';
import { existingPlace, placeAt } from './place.js';
import { concretePaths } from './positions.js';

export interface Occasion {
  /** What the query matched in an array, for the positional `$`. */
  readonly hit: Hit;
  /** The document is being made by an upsert. */
  readonly inserting: boolean;
  readonly now: Date;
}

/**
 * The document after the update. `doc` may be changed in place: give a fresh copy.
 * @throws CommandError 2, 14, 28, 40 of a modification that this document does not take
 */
export function applyUpdate(update: Update, doc: Doc, occasion: Occasion): Doc {
  if (update.kind === 'replacement') return replaced(update.doc, doc);
  const steps = update.modifications
    .filter((modification) => modification.operator !== '$setOnInsert' || occasion.inserting)
    .flatMap((modification) =>
      concretePaths(modification.path, doc, occasion.hit, update.arrayFilters).map((path) => ({
        ...modification,
        path,
      })),
    );
  checkConflicts(steps.map((step) => step.path));
  for (const step of steps.toSorted((a, b) => comparePaths(written(a), written(b))))
    modify(doc, step, occasion.now);
  return doc;
}

/** A renamed field takes its turn where it goes to. */
function written(step: Modification): Path {
  return step.operator === '$rename' ? renameTarget(step) : step.path;
}

function replaced(next: Doc, old: Doc): Doc {
  const id = next.has('_id') ? next.get('_id') : old.get('_id');
  return id === undefined ? new Map(next) : withIdFirst(next, id);
}

/** `_id` stands first in a stored document; one without gets an ObjectId. Null is an id like any other. */
export function withIdFirst(doc: Doc, id: Value = idOf(doc)): Doc {
  if (doc.keys().next().value === '_id' && doc.get('_id') === id) return doc;
  const fields = new Map<string, Value>([['_id', id]]);
  for (const [name, value] of doc) if (name !== '_id') fields.set(name, value);
  return fields;
}

function idOf(doc: Doc): Value {
  const id = doc.get('_id');
  return id === undefined ? new ObjectId() : id;
}

function modify(doc: Doc, step: Modification, now: Date): void {
  const { operator, path, argument } = step;
  switch (operator) {
    case '$unset':
      existingPlace(doc, path)?.unset();
      return;
    case '$pull': {
      const place = existingPlace(doc, path);
      if (place?.value !== undefined) place.set(pull(place.value, argument, path));
      return;
    }
    case '$rename':
      rename(doc, path, renameTarget(step));
      return;
    default: {
      const place = placeAt(doc, path);
      place.set(computed(operator, place.value, argument, path, now));
    }
  }
}

function computed(
  operator: Exclude<Modification['operator'], '$unset' | '$pull' | '$rename'>,
  value: Value | undefined,
  argument: Value,
  path: Path,
  now: Date,
): Value {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return argument;
    case '$inc':
      return value === undefined ? argument : add(value, argument, path);
    case '$min':
      return value === undefined || compare(argument, value) < 0 ? argument : value;
    case '$max':
      return value === undefined || compare(argument, value) > 0 ? argument : value;
    case '$push':
      return push(value, argument, path);
    case '$addToSet':
      return addToSet(value, argument, path);
    case '$currentDate':
      return currentDate(argument, now);
  }
}

function currentDate(argument: Value, now: Date): Value {
  const type = isDoc(argument) ? argument.get('$type') : 'date';
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
  if (type === 'date' && (isDoc(argument) || typeof argument === 'boolean')) return now;
  throw new CommandError(2, "$currentDate takes true, {$type: 'date'} or {$type: 'timestamp'}");
}

function rename(doc: Doc, from: Path, to: Path): void {
  for (const path of [from, to]) {
    for (let length = 1; length < path.length; length++) {
      if (Array.isArray(existingPlace(doc, path.slice(0, length))?.value))
        throw new CommandError(
          2,
          `The source or target field of $rename cannot be an array element, '${path.join('.')}'`,
        );
    }
  }
  const source = existingPlace(doc, from);
  if (source?.value === undefined) return;
  const { value } = source;
  source.unset();
  placeAt(doc, to).set(value);
}
