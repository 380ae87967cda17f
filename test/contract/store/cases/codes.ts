import { Long, type Document } from 'mongodb';
import type { CodeCase } from './case.js';

const insert = (...documents: Document[]): Document => ({ insert: 'rows', documents });
const update = (u: unknown, q: Document = {}): Document => ({ update: 'rows', updates: [{ q, u }] });
const find = (filter: Document, more: Document = {}): Document => ({ find: 'rows', filter, ...more });
const aggregate = (...pipeline: Document[]): Document => ({ aggregate: 'rows', pipeline, cursor: {} });
const index = (key: Document, more: Document = {}): Document => ({
  createIndexes: 'rows',
  indexes: [{ key, name: 'one', ...more }],
});

export const codeCases: readonly CodeCase[] = [
  { code: 2, rule: 'an operator that nobody knows', commands: [find({ a: { $foo: 1 } })] },
  { code: 9, rule: 'an update by an operator that nobody knows', commands: [update({ $foo: { a: 1 } })] },
  { code: 13, rule: 'listDatabases outside admin', commands: [{ listDatabases: 1 }] },
  { code: 14, rule: 'a filter that is no document', commands: [{ find: 'rows', filter: 1 }] },
  { code: 16, rule: 'a bulk of nothing', commands: [{ insert: 'rows', documents: [] }] },
  { code: 26, rule: 'the indexes of a collection that is not there', commands: [{ listIndexes: 'none' }] },
  {
    code: 27,
    rule: 'an index that is not there',
    commands: [insert({}), { dropIndexes: 'rows', index: 'none' }],
  },
  {
    code: 28,
    rule: 'a field inside a number',
    commands: [insert({ _id: 1, a: 1 }), update({ $set: { 'a.b': 1 } })],
  },
  { code: 40, rule: 'two updates of one path', commands: [update({ $set: { a: 1 }, $inc: { a: 1 } })] },
  {
    code: 43,
    rule: 'a cursor that is not there',
    commands: [{ getMore: Long.fromNumber(99), collection: 'rows' }],
  },
  { code: 52, rule: 'a name with a dollar in a replacement', commands: [update({ a: 1, $b: 1 })] },
  { code: 53, rule: 'an array as _id', commands: [insert({ _id: [1] })] },
  {
    code: 54,
    rule: 'a filter that gives an upsert one field twice',
    commands: [{ update: 'rows', updates: [{ q: { a: 1, 'a.b': 1 }, u: { $set: { c: 1 } }, upsert: true }] }],
  },
  { code: 56, rule: 'a path with an empty part', commands: [update({ $set: { 'a..b': 1 } })] },
  { code: 59, rule: 'a command that nobody knows', commands: [{ fooBar: 1 }] },
  { code: 66, rule: 'another _id', commands: [insert({ _id: 1 }), update({ $set: { _id: 2 } })] },
  { code: 67, rule: 'an index direction of 0', commands: [index({ a: 0 })] },
  {
    code: 72,
    rule: 'dropping the index of _id',
    commands: [insert({}), { dropIndexes: 'rows', index: '_id_' }],
  },
  { code: 73, rule: 'a collection without a name', commands: [{ find: '' }] },
  {
    code: 85,
    rule: 'an index that is there under another name',
    commands: [index({ a: 1 }), index({ a: 1 }, { name: 'two' })],
  },
  { code: 86, rule: 'an index name that is taken', commands: [index({ a: 1 }), index({ b: 1 })] },
  {
    code: 171,
    rule: 'two arrays in one index',
    commands: [index({ a: 1, b: 1 }), insert({ a: [1], b: [1] })],
  },
  {
    code: 171,
    rule: 'two arrays below one field',
    commands: [index({ 'a.x': 1, 'a.y': 1 }), insert({ a: { x: [1], y: [1] } })],
  },
  { code: 11000, rule: 'a second document of one _id', commands: [insert({ _id: 1 }), insert({ _id: 1 })] },
  { code: 15947, rule: 'a $group that is no document', commands: [aggregate({ $group: 1 })] },
  { code: 15955, rule: 'a $group without _id', commands: [aggregate({ $group: { n: { $sum: 1 } } })] },
  { code: 15958, rule: 'a $limit of 0', commands: [aggregate({ $limit: 0 })] },
  { code: 15959, rule: 'a $match that is no document', commands: [aggregate({ $match: 1 })] },
  { code: 15975, rule: 'a sort direction of 2', commands: [aggregate({ $sort: { a: 2 } })] },
  { code: 15976, rule: 'a $sort without fields', commands: [aggregate({ $sort: {} })] },
  {
    code: 31249,
    rule: 'a projection of a path and of one inside it',
    commands: [find({}, { projection: { a: 1, 'a.b': 1 } })],
  },
  {
    code: 31253,
    rule: 'an included field among excluded ones',
    commands: [find({}, { projection: { a: 0, b: 1 } })],
  },
  {
    code: 31254,
    rule: 'an excluded field among included ones',
    commands: [find({}, { projection: { a: 1, b: 0 } })],
  },
  { code: 40156, rule: 'a $count without a name', commands: [aggregate({ $count: '' })] },
  {
    code: 40234,
    rule: 'a field of $group that is no accumulator',
    commands: [aggregate({ $group: { _id: 1, a: 1 } })],
  },
  {
    code: 40235,
    rule: 'a dotted field of $group',
    commands: [aggregate({ $group: { _id: 1, 'a.b': { $sum: 1 } } })],
  },
  { code: 40323, rule: 'a stage of two fields', commands: [aggregate({ $match: {}, $limit: 1 })] },
  { code: 40353, rule: 'a field path with an empty part', commands: [aggregate({ $group: { _id: '$a.' } })] },
  { code: 40414, rule: 'a deletion without its limit', commands: [{ delete: 'rows', deletes: [{ q: {} }] }] },
  { code: 51272, rule: 'a $project without fields', commands: [aggregate({ $project: {} })] },
];

/** Codes that no plain command brings about, and the test that does. */
export const elsewhere: Readonly<Record<number, string>> = {
  1: 'test/embedded/refused-bytes.test.ts',
  15: 'test/embedded/refused-bytes.test.ts',
  22: 'test/embedded/refused-bytes.test.ts',
  50: 'test/contract/store/refusals.test.ts',
  225: 'test/contract/store/retry.test.ts',
  292: 'test/embedded/refused-bytes.test.ts',
  352: 'test/embedded/refused-bytes.test.ts',
  10334: 'test/contract/store/insert.test.ts',
  14031: 'test/embedded/store.test.ts',
  40432: 'test/embedded/refused-bytes.test.ts',
};
