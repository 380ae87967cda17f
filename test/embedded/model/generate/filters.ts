import { Int32 } from 'mongodb';
import type { Fields, Plain } from '../value.js';
import type { Dice } from './dice.js';
import { scalar, value } from './values.js';

const paths = ['a', 'b', 'c', 'a.x', 'a.y', 'b.x', 'c.0', 'c.x', 'l', 'l.x', 'n', 'u'] as const;

/** `favoured`: paths that stand in it more often, so that an index on them has something to do. */
export function filter(d: Dice, favoured: readonly string[] = [], depth = 1): Fields {
  const entries = Array.from({ length: 1 + d.upTo(3) }, (): [string, Plain] => {
    if (depth > 0 && d.chance(0.2)) {
      const parts = Array.from({ length: 1 + d.upTo(2) }, () => filter(d, favoured, depth - 1));
      return [d.pick(['$and', '$or', '$nor']), parts];
    }
    const path = favoured.length > 0 && d.chance(0.6) ? d.pick(favoured) : d.pick(paths);
    const base = bases[path];
    return [path, base === undefined ? condition(d) : ofKeys(d, base)];
  });
  return Object.fromEntries(entries);
}

/** Where the values of the unique keys begin. */
const bases: Readonly<Record<string, number>> = { u: 1000, 'w.k': 3000, s: 4000 };

function ofKeys(d: Dice, base: number): Plain {
  const key = new Int32(base + d.upTo(50));
  const name = d.pick(['$eq', '$gt', '$lte', '$in', '$ne']);
  return { [name]: name === '$in' ? [key, new Int32(base + d.upTo(50)), null] : key };
}

/** Refused by its form alone, whatever the documents are. */
export function badFilter(d: Dice): Fields {
  return d.pick<Fields>([
    { a: { $foo: new Int32(1) } },
    { $and: [] },
    { $or: { a: new Int32(1) } },
    { a: { $in: new Int32(1) } },
    { a: { $not: new Int32(1) } },
    { a: { $all: 'x' } },
  ]);
}

function condition(d: Dice): Plain {
  if (d.chance(0.3)) return value(d, 1);
  return Object.fromEntries(Array.from({ length: 1 + d.upTo(2) }, () => operation(d, true)));
}

const operators = '$eq $ne $in $nin $gt $gte $lt $lte $gt $lt $exists $size $all $not $elemMatch'.split(' ');

function operation(d: Dice, nesting: boolean): [string, Plain] {
  const name = d.pick(operators);
  switch (name) {
    case '$in':
    case '$nin':
    case '$all':
      return [name, Array.from({ length: 1 + d.upTo(3) }, () => value(d, 1))];
    case '$exists':
      return [name, d.chance(0.5)];
    case '$size':
      return [name, new Int32(d.upTo(3))];
    case '$not':
      return nesting ? [name, Object.fromEntries([operation(d, false)])] : ['$gt', scalar(d)];
    case '$elemMatch':
      if (!nesting) return ['$lte', scalar(d)];
      return [
        name,
        d.chance(0.5) ? Object.fromEntries([operation(d, false)]) : { [d.pick(['x', 'y'])]: scalar(d) },
      ];
    default:
      return [name, value(d, 1)];
  }
}

/** Ends with `_id`, so that no two rows are equal in it. */
export function sort(d: Dice): Fields {
  const names = d.pick([['a'], ['b', 'a'], ['a.x'], ['c', 'b'], ['a.x', 'b'], ['n'], ['l.x', 'n'], []]);
  const fields = names.map((name) => [name, new Int32(d.chance(0.5) ? 1 : -1)] as const);
  return { ...Object.fromEntries(fields), _id: new Int32(d.chance(0.8) ? 1 : -1) };
}

export function projection(d: Dice): Fields {
  const flag = new Int32(d.upTo(2));
  const names = d.pick([['a'], ['a.x', 'b'], ['l.x'], ['c', 'l.y', 'a.y'], ['zzz'], []]);
  const id: Fields = d.chance(0.3) ? { _id: new Int32(0) } : {};
  return { ...id, ...Object.fromEntries(names.map((name) => [name, flag])) };
}
