import { Int32 } from 'mongodb';
import type { Fields } from '../value.js';

const up = new Int32(1);
const down = new Int32(-1);

/** Indexes of every kind; each is there for a part of a round. */
export const indexSets: readonly Fields[][] = [
  [{ key: { a: up }, name: 'single' }],
  [{ key: { a: down }, name: 'descending' }],
  [{ key: { 'a.x': up }, name: 'dotted' }],
  [{ key: { 'a.x': up, 'a.y': down }, name: 'compound' }],
  [{ key: { b: up, 'b.x': up }, name: 'inside' }],
  [{ key: { a: up, b: up }, name: 'parallel' }],
  [
    { key: { l: up }, name: 'multikey' },
    { key: { 'l.x': down, n: up }, name: 'multikey compound' },
  ],
  [{ key: { c: down }, name: 'sparse', sparse: true }],
  [{ key: { 'c.x': up }, name: 'sparse dotted', sparse: true }],
  [{ key: { a: up }, name: 'partial exists', partialFilterExpression: { b: { $exists: true } } }],
  [{ key: { c: up }, name: 'partial equality', partialFilterExpression: { a: up } }],
  [
    { key: { u: up }, name: 'unique', unique: true },
    { key: { n: up }, name: 'plain' },
  ],
  [{ key: { u: down, n: up }, name: 'unique compound', unique: true }],
  [
    { key: { 'w.k': up }, name: 'unique dotted', unique: true },
    { key: { s: up }, name: 'unique sparse', unique: true, sparse: true },
  ],
  [
    {
      key: { u: up },
      name: 'unique partial',
      unique: true,
      partialFilterExpression: { s: { $exists: true } },
    },
  ],
  [{ key: { b: up }, name: 'expiring', expireAfterSeconds: new Int32(2_000_000_000) }],
];
