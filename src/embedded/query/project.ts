import { CommandError } from '../errors.js';
import { isDoc, numberOf, type Doc, type Value } from '../bson/value.js';

interface Tree {
  readonly children: Map<string, Tree>;
}

export interface Projection {
  readonly mode: 'include' | 'exclude';
  readonly tree: Tree;
}

/**
 * A projection of included or excluded fields; undefined for none.
 * @throws CommandError 9 (`$slice`, `$elemMatch`, computed fields, positional), 31249 (path collision), 31253/31254 (mixed)
 */
export function parseProjection(spec: Doc | undefined): Projection | undefined {
  if (!spec || spec.size === 0) return undefined;
  const flags = new Map([...spec].map(([name, value]) => [name, flag(name, value)]));
  const id = flags.get('_id');
  flags.delete('_id');
  const [first = id] = flags.values();
  const mode = first === true ? 'include' : 'exclude';
  const tree: Tree = { children: new Map() };
  for (const [name, included] of flags) {
    if (included !== first) throw mixed(name, included);
    add(tree, name.split('.'), name);
  }
  const isIdInTree = mode === 'include' ? id !== false : id === false;
  if (isIdInTree && !tree.children.has('_id')) add(tree, ['_id'], '_id');
  return { mode, tree };
}

function mixed(name: string, included: boolean): CommandError {
  const [wrong, right] = included ? ['inclusion', 'exclusion'] : ['exclusion', 'inclusion'];
  return new CommandError(
    included ? 31253 : 31254,
    `Cannot do ${wrong} on field ${name} in ${right} projection`,
  );
}

function flag(name: string, value: Value): boolean {
  if (name.startsWith('$') || name.includes('.$'))
    throw new CommandError(9, `The projection ${name} is not supported by this store`);
  if (name.split('.').includes(''))
    throw new CommandError(2, `The projection path '${name}' contains an empty field name`);
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined)
    throw new CommandError(
      9,
      `The projection of ${name} is not supported by this store: only inclusion and exclusion are`,
    );
  return number !== 0;
}

function add(tree: Tree, path: readonly string[], name: string): void {
  let node = tree;
  for (const [depth, segment] of path.entries()) {
    const child = node.children.get(segment);
    const isLast = depth === path.length - 1;
    if (child && (isLast || child.children.size === 0))
      throw new CommandError(31249, `Path collision at ${name}`);
    const next = child ?? { children: new Map<string, Tree>() };
    node.children.set(segment, next);
    node = next;
  }
}

export function project(projection: Projection, doc: Doc): Doc {
  return projection.mode === 'include' ? included(projection.tree, doc) : excluded(projection.tree, doc);
}

function included(tree: Tree, doc: Doc): Doc {
  const kept: Doc = new Map();
  for (const [name, value] of doc) {
    const child = tree.children.get(name);
    const part = child && (child.children.size === 0 ? value : includedPart(child, value));
    if (part !== undefined) kept.set(name, part);
  }
  return kept;
}

/** Scalars on the way to a nested field fall away, elements of arrays too. */
function includedPart(tree: Tree, value: Value): Value | undefined {
  if (isDoc(value)) return included(tree, value);
  if (!Array.isArray(value)) return undefined;
  return value.map((element) => includedPart(tree, element)).filter((element) => element !== undefined);
}

function excluded(tree: Tree, doc: Doc): Doc {
  const kept: Doc = new Map();
  for (const [name, value] of doc) {
    const child = tree.children.get(name);
    if (!child) kept.set(name, value);
    else if (child.children.size > 0) kept.set(name, excludedPart(child, value));
  }
  return kept;
}

function excludedPart(tree: Tree, value: Value): Value {
  if (isDoc(value)) return excluded(tree, value);
  return Array.isArray(value) ? value.map((element) => excludedPart(tree, element)) : value;
}
