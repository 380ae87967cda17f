import { Double, Int32, Long, ObjectId } from 'mongodb';
import type { Fields, Number_, Plain } from '../value.js';
import type { Dice } from './dice.js';

/** Few and small, so that equal ones of several types meet; two that no double tells apart. */
export function number(d: Dice): Number_ {
  return d.pick<() => Number_>([
    () => new Int32(d.upTo(4)),
    () => new Int32(d.upTo(4)),
    () => new Double(d.upTo(6) / 2 - 1),
    () => Long.fromNumber(d.upTo(4)),
    () => Long.fromString(d.pick(['9007199254740992', '9007199254740993'])),
  ])();
}

export function scalar(d: Dice): Plain {
  return d.pick<() => Plain>([
    () => number(d),
    () => number(d),
    () => number(d),
    () => null,
    () => d.pick(['', 'a', 'b', 'ab', 'ü', '\u{1f600}', '\uffee']),
    () => d.chance(0.5),
    () => new Date(d.upTo(3) * 1000),
    () => ObjectId.createFromHexString(`${d.upTo(3)}`.padStart(24, '0')),
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

/**
 * A row. `a b c` hold anything; `l` is a list where it is there, `n` a number; `u` (unique, sometimes of several), `w.k` and `s` (mostly
 * missing) carry the unique indexes.
 */
export function row(d: Dice, id: number): Fields {
  const u = new Int32(d.chance(0.9) ? 1000 + id : 1000 + d.upTo(60));
  return {
    _id: new Int32(id),
    ...fields(d, ['a', 'b', 'c'], 3),
    ...(d.chance(0.8) ? { l: list(d) } : {}),
    n: number(d),
    u: d.chance(0.2) ? [u, new Int32(2000 + id)] : u,
    w: { k: new Double(3000 + id) },
    ...(d.chance(0.2) ? { s: new Int32(4000 + id) } : {}),
  };
}

/** Of numbers, of documents, or of both. */
export function list(d: Dice): Plain[] {
  const kind = d.upTo(3);
  return Array.from({ length: d.upTo(5) }, () =>
    kind === 0 || (kind === 1 && d.chance(0.5)) ? number(d) : { x: number(d), y: scalar(d) },
  );
}
