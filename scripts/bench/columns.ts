/** The columns of the table: what our gateway runs on, and stock GramJS beside it. */

import { hasRedisServer } from '../../test/support/redis-server.js';
import { databaseLine } from '../faults/services/database.js';
import type { Figure } from './figures.js';

/** `ours`: one process on the embedded store. `services`: one on a database and Redis. `two`: two of these. */
export type Column = 'ours' | 'services' | 'two' | 'stock';

export const columns: readonly Column[] = ['ours', 'services', 'two', 'stock'];

/** As the table and `--columns` name them. */
export const headings: Readonly<Record<Column, string>> = {
  ours: 'embedded',
  services: 'services',
  two: 'two-processes',
  stock: 'stock',
};

/** Undefined where it is measured; else `not run`, which then stands in its place. */
export function missing(column: Column): 'not run' | undefined {
  return (column === 'services' || column === 'two') && !hasRedisServer ? 'not run' : undefined;
}

/** What the columns of services ran on. */
export function servicesNote(): string {
  return hasRedisServer
    ? `services: ${databaseLine}; Redis with an append-only file, both as processes of their own on this machine; two-processes: two gateways on the same`
    : 'services and two-processes: not run, there is no redis-server on the PATH';
}

type Values = Pick<Figure, Column>;

export type ByColumn<T> = Partial<Record<Column, T>>;

/** One figure's values: of what was measured, and `not run` for what could not be. */
export function valuesOf<T>(
  measured: ByColumn<T>,
  chosen: readonly Column[],
  value: (of: T) => number | undefined,
): Values {
  const values: { -readonly [C in keyof Values]: Values[C] } = {};
  for (const column of chosen) {
    const result = measured[column];
    const number = result === undefined ? undefined : value(result);
    if (column === 'services' || column === 'two') {
      const cell = missing(column) ?? number;
      if (cell !== undefined) values[column] = cell;
    } else if (number !== undefined) values[column] = number;
  }
  return values;
}
