import type { Fields, Plain } from './value.js';

/** A small generator of numbers (mulberry32), so that a seed names a run. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number): number => Math.floor(next() * n);
  return {
    upTo,
    pick: (list) => list[upTo(list.length)]!,
    chance: (share) => next() < share,
  };
}

export interface Dice {
  upTo(n: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

const paths = ['a', 'b', 'c', 'a.x', 'a.y', 'b.x', 'c.0', 'c.x'] as const;

export function scalar(d: Dice): Plain {
  return d.pick<() => Plain>([
    () => d.upTo(4),
    () => d.upTo(4),
    () => d.upTo(3) - 1.5,
    () => null,
    () => d.pick(['', 'a', 'b', 'ab', 'ü', '\u{1f600}', '\uffee']),
    () => d.chance(0.5),
    () => new Date(d.upTo(3) * 1000),
  ])();
}

export function value(d: Dice, depth = 2): Plain {
  if (depth === 0 || d.chance(0.5)) return scalar(d);
  if (d.chance(0.5)) return Array.from({ length: d.upTo(4) }, () => value(d, depth - 1));
  return fields(d, ['x', 'y'], depth - 1);
}

function fields(d: Dice, names: readonly string[], depth: number): Fields {
  return Object.fromEntries(names.filter(() => d.chance(0.7)).map((name) => [name, value(d, depth)]));
}

export function document(d: Dice): Fields {
  return fields(d, ['a', 'b', 'c'], 3);
}

export function filter(d: Dice, depth = 1): Fields {
  const entries = Array.from({ length: 1 + d.upTo(3) }, (): [string, Plain] => {
    if (depth > 0 && d.chance(0.2)) {
      return [
        d.pick(['$and', '$or', '$nor']),
        Array.from({ length: 1 + d.upTo(2) }, () => filter(d, depth - 1)),
      ];
    }
    return [d.pick(paths), condition(d)];
  });
  return Object.fromEntries(entries);
}

function condition(d: Dice): Plain {
  if (d.chance(0.3)) return value(d, 1);
  return Object.fromEntries(Array.from({ length: 1 + d.upTo(2) }, () => operation(d, true)));
}

function operation(d: Dice, nesting: boolean): [string, Plain] {
  const name = d.pick([
    '$eq',
    '$ne',
    '$in',
    '$nin',
    '$gt',
    '$gte',
    '$lt',
    '$lte',
    '$gt',
    '$lt',
    '$exists',
    '$size',
    '$all',
    '$not',
    '$elemMatch',
  ]);
  switch (name) {
    case '$in':
    case '$nin':
    case '$all':
      return [name, Array.from({ length: 1 + d.upTo(3) }, () => value(d, 1))];
    case '$exists':
      return [name, d.chance(0.5)];
    case '$size':
      return [name, d.upTo(3)];
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

export function update(d: Dice): Record<string, Fields> {
  const names = d.pick([['a'], ['b', 'c'], ['a.x', 'b'], ['a.y', 'c.x'], ['b.x', 'a']]);
  const result: Record<string, Fields> = {};
  for (const name of names) {
    const operator = d.pick([
      '$set',
      '$set',
      '$unset',
      '$inc',
      '$min',
      '$max',
      '$push',
      '$addToSet',
      '$pull',
    ]);
    result[operator] = { ...result[operator], [name]: operator === '$inc' ? d.upTo(5) - 2 : value(d, 1) };
  }
  return result;
}

export function sort(d: Dice): Record<string, 1 | -1> {
  const names = d.pick([['a'], ['b', 'a'], ['a.x'], ['c', 'b'], ['a.x', 'b']]);
  return Object.fromEntries(names.map((name) => [name, d.chance(0.5) ? 1 : -1]));
}

type Key = Record<string, 1 | -1>;

/** Indexes of every shape; parallel arrays are the caller's to avoid or to count as refused. */
export const indexShapes: readonly {
  key: Key;
  options?: { sparse?: boolean; partialFilterExpression?: Fields };
}[] = [
  { key: { a: 1 } },
  { key: { a: -1 } },
  { key: { 'a.x': 1 } },
  { key: { 'a.x': 1, 'a.y': -1 } },
  { key: { b: 1, 'b.x': 1 } },
  { key: { c: -1 }, options: { sparse: true } },
  { key: { 'c.0': 1 } },
  { key: { 'c.x': 1 }, options: { sparse: true } },
  { key: { a: 1 }, options: { partialFilterExpression: { b: { $exists: true } } } },
  { key: { c: 1 }, options: { partialFilterExpression: { a: 1 } } },
];
