import { CommandError } from '../errors.js';
import { isDoc, numberOf, typeName, type Doc, type Value } from '../bson/value.js';
import { parseFilter } from '../query/parse.js';
import type { Filter } from '../query/filter.js';
import type { Path } from '../query/paths.js';
import { pullTest } from './arrays.js';
import { checkConflicts } from './conflicts.js';

export const updateOperators = [
  '$set',
  '$unset',
  '$inc',
  '$min',
  '$max',
  '$setOnInsert',
  '$push',
  '$addToSet',
  '$pull',
  '$rename',
  '$currentDate',
] as const;

export type Operator = (typeof updateOperators)[number];

export interface Modification {
  readonly operator: Operator;
  readonly path: Path;
  readonly argument: Value;
}

export type Update =
  | { readonly kind: 'replacement'; readonly doc: Doc }
  | {
      readonly kind: 'operators';
      readonly modifications: readonly Modification[];
      /** By identifier, the condition on array elements of `$[identifier]`. */
      readonly arrayFilters: ReadonlyMap<string, Filter>;
    };

/** Operators that MongoDB has and this store refuses. */
const refused = ['$mul', '$pop', '$pullAll', '$bit', '$pushAll', '$addToSetAll'];

/**
 * An update, parsed and checked as far as no document is needed.
 * @throws CommandError 9 (unknown modifier, pipeline, unused array filter), 40, 52, 56, 14, 2
 */
export function parseUpdate(value: Value | undefined, arrayFilters: Value | undefined): Update {
  if (Array.isArray(value)) throw new CommandError(9, 'An update by pipeline is not supported by this store');
  if (!isDoc(value)) throw new CommandError(9, 'Update argument must be either an object or an array');
  const [first] = value.keys();
  if (first?.startsWith('$') !== true) return replacement(value, arrayFilters);
  const modifications = [...value].flatMap(([name, fields]) => modificationsOf(name, fields));
  checkConflicts(modifications.flatMap(touched));
  return { kind: 'operators', modifications, arrayFilters: parseArrayFilters(arrayFilters, modifications) };
}

function replacement(doc: Doc, arrayFilters: Value | undefined): Update {
  if (arrayFilters !== undefined)
    throw new CommandError(9, 'arrayFilters may not be specified for replacement-style updates');
  for (const name of doc.keys()) {
    if (name.startsWith('$'))
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${name}' is not allowed in a replacement document`,
      );
  }
  return { kind: 'replacement', doc };
}

function modificationsOf(name: string, fields: Value): Modification[] {
  const operator = updateOperators.find((one) => one === name);
  if (!operator) {
    const known = refused.includes(name);
    throw new CommandError(9, known ? `${name} is not supported by this store` : `Unknown modifier: ${name}`);
  }
  if (!isDoc(fields))
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found type ${typeName(fields)} instead: ${name}`,
    );
  return [...fields].map(([field, argument]) => modification(operator, field, argument));
}

function modification(operator: Operator, field: string, argument: Value): Modification {
  const path = parsePath(field);
  if (operator === '$inc' && numberOf(argument) === undefined)
    throw new CommandError(
      14,
      `Cannot increment with non-numeric argument: {${field}: ${typeName(argument)}}`,
    );
  // A bad condition is refused also where no document has the field.
  if (operator === '$pull') pullTest(argument);
  if (operator === '$rename') {
    if (typeof argument !== 'string')
      throw new CommandError(2, 'The "to" field for $rename must be a string');
    if ([...path, ...parsePath(argument)].some((segment) => segment.startsWith('$')))
      throw new CommandError(2, 'The source and target field for $rename must not be dynamic');
  }
  return { operator, path, argument };
}

function parsePath(field: string): Path {
  const path = field.split('.');
  if (path.includes(''))
    throw new CommandError(56, `The update path '${field}' contains an empty field name`);
  if (path[0] === '$' || path[0]?.startsWith('$['))
    throw new CommandError(2, `Cannot have a positional element in the first position of path '${field}'`);
  const bad = path.find((segment) => segment.startsWith('$') && !/^\$(\[\w*\])?$/.test(segment));
  if (bad !== undefined)
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${bad}' in '${field}' is not valid for storage`,
    );
  return path;
}

/** The target of a `$rename`, checked to be a string. */
export function renameTarget(modification: Modification): Path {
  return typeof modification.argument === 'string' ? modification.argument.split('.') : [];
}

/** The paths that a modification writes. */
function touched(modification: Modification): Path[] {
  return modification.operator === '$rename'
    ? [modification.path, renameTarget(modification)]
    : [modification.path];
}

function parseArrayFilters(
  value: Value | undefined,
  modifications: readonly Modification[],
): Map<string, Filter> {
  const filters = new Map<string, Filter>();
  if (value !== undefined && !Array.isArray(value))
    throw new CommandError(14, 'arrayFilters must be an array');
  for (const one of value ?? []) {
    if (!isDoc(one) || one.size === 0) throw new CommandError(9, 'An array filter must be a nonempty object');
    const filter = parseFilter(one);
    const names = new Set(identifiers(filter));
    const [name] = names;
    if (name === undefined || names.size > 1 || !/^[a-z]\w*$/.test(name))
      throw new CommandError(
        9,
        'An array filter needs exactly one identifier that begins with a lowercase letter',
      );
    if (filters.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    if (!modifications.some((modification) => modification.path.includes(`$[${name}]`)))
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
    filters.set(name, filter);
  }
  for (const { path } of modifications) {
    const missing = path.find((segment) => /^\$\[\w+\]$/.test(segment) && !filters.has(segment.slice(2, -1)));
    if (missing !== undefined)
      throw new CommandError(
        2,
        `No array filter found for identifier '${missing.slice(2, -1)}' in path '${path.join('.')}'`,
      );
  }
  return filters;
}

function identifiers(filter: Filter): string[] {
  if (filter.op === 'and' || filter.op === 'or' || filter.op === 'nor') return filter.of.flatMap(identifiers);
  if (filter.op === 'not') return identifiers(filter.of);
  return [filter.path[0] ?? ''];
}
