import type { UpsertCase } from './case.js';

export const upsertCases: readonly UpsertCase[] = [
  {
    rows: ['upsert', '$setOnInsert'],
    rule: 'the equalities of the filter, then the update',
    filter: { _id: 1, 'a.b': 1, c: { $gt: 5 }, d: { $ne: 1 } },
    update: { $set: { e: 1 }, $setOnInsert: { f: 1 } },
    made: { _id: 1, a: { b: 1 }, e: 1, f: 1 },
  },
  {
    rows: ['upsert'],
    rule: '$eq, and what stands in $and',
    filter: { _id: 1, $and: [{ a: { $eq: 1 } }, { $and: [{ b: 2 }] }] },
    update: { $set: { z: 1 } },
    made: { _id: 1, a: 1, b: 2, z: 1 },
  },
  {
    rows: ['upsert'],
    rule: 'an $or of one branch, $in and $all of one value count as that value',
    filter: { _id: 1, $or: [{ a: 1 }], b: { $in: [2] }, c: { $all: [3] } },
    update: { $set: { z: 1 } },
    made: { _id: 1, a: 1, b: 2, c: 3, z: 1 },
  },
  {
    rows: ['upsert'],
    rule: 'an $or of two and an $in of two do not',
    filter: { _id: 1, $or: [{ a: 1 }, { a: 2 }], b: { $in: [1, 2] } },
    update: { $set: { z: 1 } },
    made: { _id: 1, z: 1 },
  },
  {
    rows: ['upsert'],
    rule: 'an array and a document are values too',
    filter: { _id: 1, a: [1, 2], b: { x: 1 } },
    update: { $push: { a: 3 } },
    made: { _id: 1, a: [1, 2, 3], b: { x: 1 } },
  },
  {
    rows: ['upsert'],
    rule: 'a replacement takes only the _id',
    filter: { _id: 1, a: 1 },
    update: { b: 1 },
    made: { _id: 1, b: 1 },
  },
  {
    rows: ['upsert'],
    rule: 'a path and one inside it cannot both be (54)',
    filter: { _id: 1, a: 1, 'a.b': 1 },
    update: { $set: { z: 1 } },
    made: 54,
  },
  {
    rows: ['upsert'],
    rule: 'the same path twice neither (54)',
    filter: { _id: 1, a: 1, $and: [{ a: 2 }] },
    update: { $set: { z: 1 } },
    made: 54,
  },
  {
    rows: ['upsert', 'immutable _id'],
    rule: "another _id than the filter's is refused (66)",
    filter: { _id: 1 },
    update: { $set: { _id: 2 } },
    made: 66,
  },
  {
    rows: ['upsert', '$inc', '$push'],
    rule: 'operators begin from nothing',
    filter: { _id: 1 },
    update: { $inc: { n: 2 }, $push: { l: 1 }, $unset: { x: '' } },
    made: { _id: 1, l: [1], n: 2 },
  },
];
