import { Int32 } from 'mongodb';
import type { Fields, Plain } from '../value.js';
import type { Dice } from './dice.js';
import { badFilter, filter, projection, sort } from './filters.js';
import { change, direct, harmless, type Change } from './updates.js';
import { row, scalar } from './values.js';

/** One command, and how its answer is to be read. */
export interface Step {
  readonly command: Fields;
  /** Sent a second time under the same transaction number; the second answer counts. */
  readonly repeated?: boolean;
  /** Rows may come in any order. */
  readonly anyOrder?: boolean;
}

export const collection = 'rows';
/** Ids that rows have; a few more name none. */
const ids = 45;

const one = new Int32(1);
const id = (d: Dice): Int32 => new Int32(d.upTo(ids));

/** `indexed`: the fields that an index is on at the moment. */
export function read(d: Dice, indexed: readonly string[]): Step {
  return d.pick([find, find, find, count, distinct, pipeline, grouping])(d, indexed);
}

export function write(d: Dice): Step {
  return d.pick([insert, update, update, update, many, upsert, remove, findAndModify])(d);
}

function find(d: Dice, indexed: readonly string[]): Step {
  if (d.chance(0.05)) return { command: { find: collection, filter: badFilter(d) } };
  const asked: Fields = {
    find: collection,
    filter: filter(d, indexed),
    batchSize: new Int32(2 + d.upTo(20)),
  };
  if (d.chance(0.2)) return { command: asked, anyOrder: true };
  const page: Fields = d.chance(0.3) ? { skip: new Int32(d.upTo(5)), limit: new Int32(d.upTo(8)) } : {};
  return {
    command: { ...asked, sort: sort(d), ...page, ...(d.chance(0.2) ? { projection: projection(d) } : {}) },
  };
}

function count(d: Dice, indexed: readonly string[]): Step {
  const page: Fields = d.chance(0.3) ? { skip: new Int32(d.upTo(5)), limit: new Int32(d.upTo(8)) } : {};
  return { command: { count: collection, query: d.chance(0.2) ? {} : filter(d, indexed), ...page } };
}

function distinct(d: Dice, indexed: readonly string[]): Step {
  // Equal numbers of several types are one value; which of them stands for it is nobody's promise.
  const key = d.pick(['c.0', 'a.x', 'l', 'b', 'u']);
  return { command: { distinct: collection, key, query: filter(d, indexed) }, anyOrder: true };
}

function pipeline(d: Dice, indexed: readonly string[]): Step {
  const stages: Fields[] = [
    ...(d.chance(0.7) ? [{ $match: filter(d, indexed) }] : []),
    { $sort: sort(d) },
    ...(d.chance(0.4) ? [{ $skip: new Int32(d.upTo(4)) }] : []),
    ...(d.chance(0.4) ? [{ $limit: new Int32(1 + d.upTo(9)) }] : []),
    ...(d.chance(0.3) ? [{ $match: filter(d, indexed) }] : []),
    d.pick<Fields>([
      { $project: { a: one, 'l.x': one } },
      { $project: { a: new Int32(0) } },
      { $count: 'many' },
    ]),
  ];
  return { command: aggregate(stages) };
}

/** Rows come in order before they are grouped, so that first, last and the type of an equal number are told. */
function grouping(d: Dice, indexed: readonly string[]): Step {
  const by = d.pick<Plain>(['$a', '$n', '$b.x', { n: '$n', a: '$a.x' }, null, '$l.x', one]);
  const field = d.pick(['$n', '$a', '$a.x', '$l']);
  const sums = Object.fromEntries(
    ['$sum', '$avg', '$min', '$max', '$first', '$last']
      .filter(() => d.chance(0.6))
      .map((name) => [name.slice(1), { [name]: field }]),
  );
  const match = d.chance(0.5) ? [{ $match: filter(d, indexed) }] : [];
  if (d.chance(0.1))
    return { command: aggregate([...match, { $group: { _id: by, n: { $sum: one } } }]), anyOrder: true };
  const group = { $group: { _id: by, count: { $sum: one }, ...sums } };
  return { command: aggregate([...match, { $sort: { _id: one } }, group]), anyOrder: true };
}

function aggregate(stages: Fields[]): Fields {
  return { aggregate: collection, pipeline: stages, cursor: { batchSize: new Int32(7) } };
}

function insert(d: Dice): Step {
  const documents = Array.from({ length: 1 + d.upTo(4) }, () =>
    row(d, d.chance(0.5) ? d.upTo(ids) : ids + d.upTo(ids)),
  );
  return { command: { insert: collection, documents, ordered: d.chance(0.5) }, repeated: d.chance(0.2) };
}

function statementOf(d: Dice, { u, arrayFilters, on }: Change): Fields {
  return { q: { _id: id(d), ...on }, u, ...(arrayFilters ? { arrayFilters } : {}) };
}

function update(d: Dice): Step {
  const updates = Array.from({ length: 1 + d.upTo(3) }, (): Fields =>
    d.chance(0.1)
      ? { q: badFilter(d), u: { $set: { m: one } } }
      : statementOf(d, d.chance(0.1) ? { u: replacement(d) } : change(d)),
  );
  return { command: { update: collection, updates, ordered: d.chance(0.5) }, repeated: d.chance(0.2) };
}

function replacement(d: Dice): Fields {
  const { _id, ...fields } = row(d, d.upTo(ids));
  return fields;
}

function many(d: Dice): Step {
  return { command: { update: collection, updates: [{ q: filter(d), ...harmless(d), multi: true }] } };
}

function upsert(d: Dice): Step {
  const equalities: Fields = d.pick<Fields>([
    {},
    { 'a.x': scalar(d) },
    { $and: [{ b: scalar(d) }, { n: { $gte: one } }] },
    { $or: [{ c: { $eq: scalar(d) } }] },
    { a: scalar(d), 'a.x': one },
    { b: { $in: [one, 'b'] } },
    { b: { $in: [scalar(d)] } },
    { b: { $all: [scalar(d)] } },
  ]);
  const set: Fields = d.chance(0.3)
    ? { m: scalar(d), u: new Int32(1000 + d.upTo(90)) }
    : { $set: { m: scalar(d) }, $setOnInsert: { made: true }, $inc: { n: one } };
  const q = { _id: new Int32(d.upTo(2 * ids)), ...equalities };
  return { command: { update: collection, updates: [{ q, u: set, upsert: true }] }, repeated: d.chance(0.2) };
}

function remove(d: Dice): Step {
  const single = (): Fields => ({ q: { _id: id(d) }, limit: one });
  const several = (): Fields => ({ q: { ...filter(d), n: { $gt: new Int32(2) } }, limit: new Int32(0) });
  const deletes = d.chance(0.7)
    ? [single(), ...(d.chance(0.3) ? [{ q: badFilter(d), limit: one }, single()] : [])]
    : [several()];
  return { command: { delete: collection, deletes, ordered: d.chance(0.5) } };
}

function findAndModify(d: Dice): Step {
  const query = d.chance(0.5) ? { _id: id(d) } : filter(d);
  const asked = {
    findAndModify: collection,
    query,
    sort: sort(d),
    ...(d.chance(0.3) ? { fields: projection(d) } : {}),
  };
  if (d.chance(0.2)) return { command: { ...asked, remove: true } };
  const { u } = d.chance(0.5) ? harmless(d) : direct(d);
  const upserting: Fields = '_id' in query ? { upsert: d.chance(0.3) } : {};
  return { command: { ...asked, update: u, new: d.chance(0.5), ...upserting }, repeated: d.chance(0.2) };
}
