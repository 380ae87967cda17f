import { Int32 } from 'mongodb';
import type { Fields, Plain } from '../value.js';
import type { Dice } from './dice.js';
import { number, scalar, value } from './values.js';

export interface Change {
  readonly u: Fields;
  readonly arrayFilters?: Fields[];
  /** A condition on the list, for the positional `$`. */
  readonly on?: Fields;
}

/** A change of one row. */
export function change(d: Dice): Change {
  return d.pick([plain, plain, plain, place, lists, lists, positional, positional, unique, renaming, bad])(d);
}

/** A change that needs neither array filters nor a query's match. */
export function direct(d: Dice): Change {
  return d.pick([plain, lists, unique, renaming])(d);
}

/** A change that no row can refuse, for many at once. */
export function harmless(d: Dice): Change {
  const u = d.pick<() => Fields>([
    () => ({ $set: { m: scalar(d) } }),
    () => ({ $inc: { n: new Int32(1) } }),
    () => ({ $unset: { [d.pick(['a', 'c', 'm'])]: true } }),
    () => ({ $min: { n: number(d) }, $max: { m: number(d) } }),
    () => ({ $addToSet: { l: number(d) } }),
    () => ({ $push: { l: { $each: [number(d)], $slice: new Int32(-3) } } }),
    () => ({ $pull: { l: { $gte: number(d) } } }),
  ])();
  return { u };
}

const anyField = '$set $set $unset $inc $min $max $push $addToSet $pull'.split(' ');

function plain(d: Dice): Change {
  const names = d.pick([['a'], ['b', 'c'], ['a.x', 'b'], ['a.y', 'c.x'], ['b.x', 'a'], ['c.x', 'm']]);
  const u: Record<string, Fields> = {};
  for (const name of names) {
    const operator = d.pick(anyField);
    u[operator] = { ...u[operator], [name]: operator === '$inc' ? number(d) : value(d, 1) };
  }
  return { u };
}

/** An element by its place, also behind the end; a document would take the place for a name, so the list must be there. */
function place(d: Dice): Change {
  const operator = d.pick(['$set', '$inc', '$min', '$push']);
  const argument = operator === '$inc' ? number(d) : scalar(d);
  const path = d.pick(['l.0', 'l.2', 'l.5', 'l.0.x', 'l.1.x', 'l.x']);
  return { u: { [operator]: { [path]: argument } }, on: { 'l.0': { $exists: true } } };
}

function lists(d: Dice): Change {
  const each = Array.from({ length: d.upTo(4) }, (): Plain => (d.chance(0.5) ? number(d) : { x: number(d) }));
  return d.pick<() => Change>([
    () => ({ u: { $push: { l: { $each: each, ...sorting(d), ...slicing(d) } } } }),
    () => ({ u: { $push: { fresh: { $each: each, ...sorting(d), ...slicing(d) } } } }),
    () => ({ u: { $addToSet: { l: { $each: each } } } }),
    () => ({ u: { $pull: { l: d.chance(0.5) ? { $lt: number(d) } : { x: number(d) } } } }),
    () => ({ u: { $pull: { l: { x: { $gte: number(d) } } } } }),
  ])();
}

function sorting(d: Dice): Fields {
  const direction = new Int32(d.chance(0.5) ? 1 : -1);
  return d.pick<Fields>([
    {},
    { $sort: direction },
    { $sort: { x: direction } },
    { $sort: { x: direction, y: new Int32(1) } },
  ]);
}

function slicing(d: Dice): Fields {
  return d.chance(0.5) ? { $slice: new Int32(d.upTo(7) - 3) } : {};
}

function positional(d: Dice): Change {
  const operator = d.pick(['$set', '$set', '$inc', '$max']);
  const argument = operator === '$inc' ? number(d) : scalar(d);
  const part = d.pick(['', '.x', '.y']);
  const filters: Fields[] = [
    { e: { $gte: number(d) } },
    { 'e.x': { $lte: number(d) } },
    { 'e.x': number(d) },
  ];
  return d.pick<() => Change>([
    () => ({ u: { [operator]: { [`l.$[]${part}`]: argument } } }),
    () => ({ u: { [operator]: { [`l.$[e]${part}`]: argument } }, arrayFilters: [d.pick(filters)] }),
    () => ({
      u: { [operator]: { [`l.$${part}`]: argument } },
      on: d.pick<Fields>([
        { l: number(d) },
        { 'l.x': number(d) },
        { $or: [{ l: number(d), n: number(d) }, { u: { $gt: new Int32(0) } }] },
      ]),
    }),
    () => ({ u: { [operator]: { [`l.$[f]${part}`]: argument } } }),
  ])();
}

/** Sometimes another row's key. */
function unique(d: Dice): Change {
  const key = (base: number): Int32 => new Int32(base + d.upTo(50));
  return {
    u: d.pick<() => Fields>([
      () => ({ $set: { u: key(1000) } }),
      () => ({ $set: { u: [key(2000), key(1000), key(1000)] } }),
      () => ({ $addToSet: { u: key(1000) } }),
      () => ({ $set: { 'w.k': key(3000) } }),
      () => ({ $set: { s: key(4000) } }),
      () => ({ $unset: { u: true } }),
      () => ({ $set: { u: [] } }),
    ])(),
  };
}

function renaming(d: Dice): Change {
  return {
    u: { $rename: { [d.pick(['a', 'b.x', 'm', 'a.x'])]: d.pick(['r', 'z']) }, $set: { q: scalar(d) } },
  };
}

/** One fault each. */
function bad(d: Dice): Change {
  return d.pick<Change>([
    { u: { $set: { a: new Int32(1), 'a.x': new Int32(1) } } },
    { u: { $set: { b: new Int32(1) }, $inc: { b: new Int32(1) } } },
    { u: { $rename: { a: 'b' }, $set: { b: new Int32(1) } } },
    { u: { $foo: { a: new Int32(1) } } },
    { u: { $inc: { a: 'x' } } },
    { u: { $set: { _id: new Int32(9999) } } },
    { u: { _id: new Int32(9999), a: new Int32(1) } },
    { u: { $set: { a: new Int32(1) } }, arrayFilters: [{ e: new Int32(1) }] },
  ]);
}
