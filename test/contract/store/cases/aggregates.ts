import { Double, Int32, Long } from 'mongodb';
import type { AggregateCase } from './case.js';

const numbers = [
  { _id: 1, g: 'a', n: new Int32(1) },
  { _id: 2, g: 'a', n: new Double(0.5) },
  { _id: 3, g: 'b', n: 'text' },
  { _id: 4, n: Long.fromNumber(2) },
  { _id: 5, g: null, n: null },
];

const inOrder = { $sort: { _id: 1 } };

function grouped(rows: string[], rule: string, sum: object, out: readonly object[]): AggregateCase {
  const pipeline = [inOrder, { $group: { _id: '$g', x: sum } }, inOrder];
  return { rows: ['$group', ...rows], rule, documents: numbers, pipeline, out };
}

export const aggregateCases: readonly AggregateCase[] = [
  grouped(
    ['$sum', 'null and missing'],
    'passes over what is no number; missing and null are one group',
    { $sum: '$n' },
    [
      { _id: null, x: Long.fromNumber(2) },
      { _id: 'a', x: new Double(1.5) },
      { _id: 'b', x: new Int32(0) },
    ],
  ),
  grouped(['$sum'], 'of a constant counts', { $sum: 1 }, [
    { _id: null, x: new Int32(2) },
    { _id: 'a', x: new Int32(2) },
    { _id: 'b', x: new Int32(1) },
  ]),
  // Their count alone is what drivers ask for by countDocuments.
  ...[null, 'x', false, new Int32(1), new Double(1)].map((_id): AggregateCase => ({
    rows: ['$group', '$sum'],
    rule: `of everything under the constant ${JSON.stringify(_id)}, which is the _id`,
    documents: numbers,
    pipeline: [{ $match: {} }, { $group: { _id, n: { $sum: 1 } } }],
    out: [{ _id, n: new Int32(5) }],
  })),
  grouped(['$avg'], 'is a double over the numbers, null over none', { $avg: '$n' }, [
    { _id: null, x: new Double(2) },
    { _id: 'a', x: new Double(0.75) },
    { _id: 'b', x: null },
  ]),
  grouped(
    ['$min', 'order across types', 'null and missing'],
    'passes over null and missing',
    { $min: '$n' },
    [
      { _id: null, x: Long.fromNumber(2) },
      { _id: 'a', x: new Double(0.5) },
      { _id: 'b', x: 'text' },
    ],
  ),
  grouped(['$max'], 'keeps the type', { $max: '$n' }, [
    { _id: null, x: Long.fromNumber(2) },
    { _id: 'a', x: new Int32(1) },
    { _id: 'b', x: 'text' },
  ]),
  grouped(['$first'], 'of the order that comes in, missing as null', { $first: '$g' }, [
    { _id: null, x: null },
    { _id: 'a', x: 'a' },
    { _id: 'b', x: 'b' },
  ]),
  grouped(['$last'], 'of the order that comes in', { $last: '$_id' }, [
    { _id: null, x: new Int32(5) },
    { _id: 'a', x: new Int32(2) },
    { _id: 'b', x: new Int32(3) },
  ]),
  {
    rows: ['$sum'],
    rule: 'keeps what rounding takes from doubles',
    documents: Array.from({ length: 10 }, (_, _id) => ({ _id, n: new Double(0.1) })),
    pipeline: [{ $group: { _id: null, n: { $sum: '$n' } } }],
    out: [{ _id: null, n: new Double(1) }],
  },
  {
    rows: ['$sum'],
    rule: '32 bits grow to 64',
    documents: [
      { _id: 1, n: new Int32(2147483647) },
      { _id: 2, n: new Int32(1) },
    ],
    pipeline: [{ $group: { _id: null, n: { $sum: '$n' } } }],
    out: [{ _id: null, n: Long.fromString('2147483648') }],
  },
  {
    rows: ['$group', 'dotted paths through arrays'],
    rule: 'by several fields; a missing one is left out of the key; a path through an array is an array',
    documents: [
      { _id: 1, a: [{ x: 1 }, { x: 2 }], b: 1 },
      { _id: 2, b: new Double(1) },
    ],
    pipeline: [
      inOrder,
      { $group: { _id: { x: '$a.x', b: '$b' }, n: { $sum: 1 } } },
      { $sort: { n: 1, _id: -1 } },
    ],
    out: [
      { _id: { x: [1, 2], b: 1 }, n: 1 },
      { _id: { b: new Double(1) }, n: 1 },
    ],
  },
  {
    rows: ['$group'],
    rule: 'nothing comes out of nothing, also by a constant',
    documents: [],
    pipeline: [{ $group: { _id: null, n: { $sum: 1 } } }],
    out: [],
  },
  {
    rows: ['$match'],
    rule: 'filters, before and after',
    documents: numbers,
    pipeline: [
      { $match: { n: { $gt: 0 } } },
      inOrder,
      { $match: { g: { $exists: true } } },
      { $project: { n: 0 } },
    ],
    out: [
      { _id: 1, g: 'a' },
      { _id: 2, g: 'a' },
    ],
  },
  {
    rows: ['$sort', 'order across types', 'arrays'],
    rule: 'empty array, null, numbers, text, document, array, boolean, date; of an array the least',
    documents: [
      { _id: 0, v: new Date(0) },
      { _id: 1, v: false },
      { _id: 2, v: [[1]] },
      { _id: 3, v: { a: 1 } },
      { _id: 4, v: 'a' },
      { _id: 5, v: [9, -1] },
      { _id: 6, v: null },
      { _id: 7, v: [] },
      { _id: 8, v: 0 },
    ],
    pipeline: [{ $sort: { v: 1 } }, { $project: { v: 0 } }],
    out: [7, 6, 5, 8, 4, 3, 2, 1, 0].map((_id) => ({ _id })),
  },
  {
    rows: ['$sort', 'arrays'],
    rule: 'downwards, of an array the greatest',
    documents: [{ _id: 1, v: [1, 9] }, { _id: 2, v: 5 }, { _id: 3 }],
    pipeline: [{ $sort: { v: -1 } }, { $project: { v: 0 } }],
    out: [{ _id: 1 }, { _id: 2 }, { _id: 3 }],
  },
  {
    rows: ['$sort', 'dotted paths through arrays'],
    rule: 'fields of one array stay together: the least pair counts',
    documents: [
      {
        _id: 1,
        l: [
          { x: 1, y: 9 },
          { x: 2, y: 0 },
        ],
      },
      { _id: 2, l: [{ x: 1, y: 5 }] },
    ],
    pipeline: [{ $sort: { 'l.x': 1, 'l.y': 1 } }, { $project: { l: 0 } }],
    out: [{ _id: 2 }, { _id: 1 }],
  },
  {
    rows: ['$sort'],
    rule: 'two arrays apart cannot be sorted by (2)',
    documents: [{ _id: 1, a: [1], b: [1] }, { _id: 2 }],
    pipeline: [{ $sort: { a: 1, b: 1 } }],
    out: 2,
  },
  {
    rows: ['$skip', '$limit'],
    rule: 'in the order they stand in',
    documents: numbers,
    pipeline: [inOrder, { $limit: 4 }, { $skip: 3 }, { $project: { _id: 1 } }],
    out: [{ _id: 4 }],
  },
  {
    rows: ['$project', 'projection'],
    rule: 'included fields through documents and arrays; what is no document falls away',
    documents: [{ _id: 1, a: { x: 1, y: 2 }, l: [{ x: 1, y: 2 }, 3, [{ x: 4 }]], s: 5 }],
    pipeline: [{ $project: { _id: 0, 'a.x': 1, 'l.x': true, 's.x': 1 } }],
    out: [{ a: { x: 1 }, l: [{ x: 1 }, [{ x: 4 }]] }],
  },
  {
    rows: ['$project', 'projection'],
    rule: 'excluded fields; what is no document stays',
    documents: [{ _id: 1, a: { x: 1, y: 2 }, l: [{ x: 1, y: 2 }, 3] }],
    pipeline: [{ $project: { 'a.x': 0, 'l.y': false } }],
    out: [{ _id: 1, a: { y: 2 }, l: [{ x: 1 }, 3] }],
  },
  {
    rows: ['$count'],
    rule: 'one number, and nothing for nothing',
    documents: numbers,
    pipeline: [{ $match: { g: 'a' } }, { $count: 'many' }],
    out: [{ many: new Int32(2) }],
  },
  {
    rows: ['$count'],
    rule: 'no row where nothing came in',
    documents: numbers,
    pipeline: [{ $match: { g: 'zzz' } }, { $count: 'many' }],
    out: [],
  },
];
