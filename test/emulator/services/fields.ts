import { RpcError, type Tl, type TlValue } from '../types.js';

/** Readers of a request's fields. A wrong kind is the client's mistake: INPUT_REQUEST_INVALID. */
export const int = (from: Tl, field: string): number => required(maybeInt(from, field));
export const long = (from: Tl, field: string): bigint => required(maybeLong(from, field));
export const text = (from: Tl, field: string): string => required(maybeText(from, field));
export const bytes = (from: Tl, field: string): Buffer => required(maybeBytes(from, field));
export const object = (from: Tl, field: string): Tl => required(maybeObject(from, field));
export const flag = (from: Tl, field: string): boolean => from[field] === true;

export function maybeInt(from: Tl, field: string): number | undefined {
  const value = from[field];
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

export function maybeLong(from: Tl, field: string): bigint | undefined {
  const value = from[field];
  if (typeof value === 'number') return BigInt(value);
  return typeof value === 'bigint' ? value : undefined;
}

export function maybeText(from: Tl, field: string): string | undefined {
  const value = from[field];
  return typeof value === 'string' ? value : undefined;
}

export function maybeBytes(from: Tl, field: string): Buffer | undefined {
  const value = from[field];
  return Buffer.isBuffer(value) ? value : undefined;
}

export function maybeObject(from: Tl, field: string): Tl | undefined {
  const value = from[field];
  return isTl(value) ? value : undefined;
}

export function maybeBool(from: Tl, field: string): boolean | undefined {
  const value = from[field];
  return typeof value === 'boolean' ? value : undefined;
}

export function objects(from: Tl, field: string): Tl[] {
  const value = from[field];
  return Array.isArray(value) ? value.filter(isTl) : [];
}

export function ints(from: Tl, field: string): number[] {
  const value = from[field];
  return Array.isArray(value) ? value.map(Number) : [];
}

export function longs(from: Tl, field: string): bigint[] {
  const value = from[field];
  return Array.isArray(value) ? value.map((item) => BigInt(item as bigint | number)) : [];
}

function isTl(value: TlValue): value is Tl {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RpcError(400, 'INPUT_REQUEST_INVALID');
  return value;
}
