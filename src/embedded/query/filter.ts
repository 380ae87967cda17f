import type { Value } from '../bson/value.js';
import type { Path } from './paths.js';

/**
 * A parsed filter. A leaf with an empty path tests the value itself (inside `$elemMatch`).
 * `$ne`, `$nin`, `$exists: false` are `not`; `$all` is `and`.
 */
export type Filter =
  | { readonly op: 'and'; readonly of: readonly Filter[] }
  | { readonly op: 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'nor'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | Leaf;

export type Leaf =
  | { readonly op: 'eq'; readonly path: Path; readonly value: Value }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Value[] }
  | { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly path: Path; readonly value: Value }
  | { readonly op: 'exists'; readonly path: Path }
  | { readonly op: 'size'; readonly path: Path; readonly size: number }
  | { readonly op: 'elemMatch'; readonly path: Path; readonly of: Filter };

/** The conditions that all must hold, `and` opened. */
export function conjuncts(filter: Filter): Filter[] {
  return filter.op === 'and' ? filter.of.flatMap(conjuncts) : [filter];
}
