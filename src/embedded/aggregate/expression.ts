import { CommandError } from '../errors.js';
import { isDoc, type Doc, type Value } from '../bson/value.js';
import type { Path } from '../query/paths.js';

/** `'$field'`, a constant, or a document of these. */
export type Expression =
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'document'; readonly fields: ReadonlyMap<string, Expression> };

/** @throws CommandError 9 for operators and variables, which the subset does not have */
export function parseExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) {
    if (value.startsWith('$$'))
      throw new CommandError(9, `The variable ${value} is not supported by this store`);
    const path = value.slice(1).split('.');
    if (path.includes('')) throw new CommandError(40353, `FieldPath '${value}' is not valid`);
    return { kind: 'field', path };
  }
  if (Array.isArray(value)) throw new CommandError(9, 'An array expression is not supported by this store');
  if (!isDoc(value)) return { kind: 'constant', value };
  for (const name of value.keys()) {
    if (name.startsWith('$'))
      throw new CommandError(9, `The expression ${name} is not supported by this store`);
  }
  return {
    kind: 'document',
    fields: new Map([...value].map(([name, part]) => [name, parseExpression(part)])),
  };
}

/** The value in a document, undefined where the field is missing. */
export function evaluate(expression: Expression, doc: Doc): Value | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'field':
      return fieldAt(doc, expression.path);
    case 'document': {
      const result: Doc = new Map();
      for (const [name, part] of expression.fields) {
        const value = evaluate(part, doc);
        if (value !== undefined) result.set(name, value);
      }
      return result;
    }
  }
}

/** A field path over an array gives the array of its elements' values. */
function fieldAt(value: Value | undefined, path: Path): Value | undefined {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (isDoc(value)) return fieldAt(value.get(segment), rest);
  if (!Array.isArray(value)) return undefined;
  return value
    .filter((element) => isDoc(element) || Array.isArray(element))
    .map((element) => fieldAt(element, path))
    .filter((one) => one !== undefined);
}
