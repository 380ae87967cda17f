import { BSONRegExp } from 'bson';
import { CommandError } from '../errors.js';
import type { Value } from '../bson/value.js';
import type { Path } from './paths.js';

type RegexLeaf = { op: 'regex'; path: Path; pattern: RegExp; literal: Value | undefined };

/** `/…/` as a condition also matches the stored regular expression itself (`literal`). */
export function regexLeaf(path: Path, value: Value, options?: Value): RegexLeaf {
  if (options !== undefined && typeof options !== 'string')
    throw new CommandError(2, '$options has to be a string');
  if (value instanceof BSONRegExp) {
    if (options && value.options) throw new CommandError(51074, 'options set in both $regex and $options');
    return { op: 'regex', path, pattern: pattern(value.pattern, options ?? value.options), literal: value };
  }
  if (typeof value !== 'string') throw new CommandError(2, '$regex has to be a string');
  return { op: 'regex', path, pattern: pattern(value, options ?? ''), literal: undefined };
}

/** PCRE as far as JavaScript's expressions agree with it; `x` and what JavaScript cannot read is refused. */
export function pattern(source: string, options: string): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(source);
  const flags = new Set(Array.from(options.replace('u', '') + (leading?.[1] ?? '')));
  if (flags.has('x')) throw new CommandError(9, 'The regex option x is not supported by this store');
  for (const flag of flags)
    if (!'ims'.includes(flag)) throw new CommandError(51108, `invalid flag in regex options: ${flag}`);
  try {
    return new RegExp(leading ? source.slice(leading[0].length) : source, Array.from(flags).join(''));
  } catch {
    throw new CommandError(51091, 'Regular expression is invalid');
  }
}
