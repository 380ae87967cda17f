import { CommandError } from '../errors.js';
import { isDoc, typeName, type Doc, type Value } from '../bson/value.js';
import { isIndex, type Path } from '../query/paths.js';

/** One field or array element of a document that may not be there yet. */
export interface Place {
  readonly value: Value | undefined;
  set(value: Value): void;
  /** An array element becomes null, as MongoDB's `$unset` does. */
  unset(): void;
}

/** MongoDB pads an array with nulls only this far. */
const maxPadding = 1_500_000;

/**
 * The place at a path, its missing parents made on the way.
 * @throws CommandError 28 if a scalar stands in the way
 */
export function placeAt(doc: Doc, path: Path): Place {
  let parent: Doc | Value[] = doc;
  for (const [depth, segment] of path.slice(0, -1).entries()) {
    const child = childOf(parent, segment);
    if (isDoc(child.value) || Array.isArray(child.value)) parent = child.value;
    else if (child.value === undefined) {
      const made: Doc = new Map();
      child.set(made);
      parent = made;
    } else throw notViable(path[depth + 1] ?? '', segment, child.value);
  }
  return childOf(parent, path.at(-1) ?? '');
}

/** The place at a path if its parents are there; nothing is made. */
export function existingPlace(doc: Doc, path: Path): Place | undefined {
  let parent: Value = doc;
  for (const segment of path.slice(0, -1)) {
    if (!isDoc(parent) && !(Array.isArray(parent) && isIndex(segment))) return undefined;
    parent = childOf(parent, segment).value ?? null;
  }
  const last = path.at(-1) ?? '';
  return isDoc(parent) || (Array.isArray(parent) && isIndex(last)) ? childOf(parent, last) : undefined;
}

function childOf(parent: Doc | Value[], segment: string): Place {
  if (isDoc(parent)) {
    return {
      value: parent.get(segment),
      set: (value) => void parent.set(segment, value),
      unset: () => void parent.delete(segment),
    };
  }
  if (!isIndex(segment)) throw notViable(segment, '', parent);
  const index = Number(segment);
  return {
    value: parent[index],
    set: (value) => {
      if (index > parent.length + maxPadding)
        throw new CommandError(2, `Cannot pad an array up to index ${index}`);
      while (parent.length < index) parent.push(null);
      parent[index] = value;
    },
    unset: () => {
      if (index < parent.length) parent[index] = null;
    },
  };
}

function notViable(field: string, parent: string, value: Value): CommandError {
  return new CommandError(28, `Cannot create field '${field}' in element {${parent}: ${typeName(value)}}`);
}
