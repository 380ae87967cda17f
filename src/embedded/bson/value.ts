import { BSONRegExp, Binary, Int32, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';

/** A BSON type that is only kept and given back (undefined, code, symbol, DB pointer), with its bytes as they came. */
export class Other {
  readonly type: number;
  readonly bytes: Uint8Array;

  constructor(type: number, bytes: Uint8Array) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** A whole document as stored; the encoder copies its bytes. */
export class Stored {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** Fields in their BSON order; a plain object would move names like "10" to the front. */
export type Doc = Map<string, Value>;

/** Doubles are numbers, 64-bit integers are bigints, 32-bit integers are Int32: so every number keeps its BSON type. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Int32
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | MinKey
  | MaxKey
  | Other
  | Stored
  | Value[]
  | Doc;

/** MongoDB's order of types: https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/ */
export const rank = {
  minKey: 1,
  undefined: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  other: 14,
  maxKey: 15,
} as const;

export type Rank = (typeof rank)[keyof typeof rank];

/** Where a value stands among the types; a missing value stands with null. */
export function rankOf(value: Value | undefined): Rank {
  switch (typeof value) {
    case 'undefined':
      return rank.null;
    case 'boolean':
      return rank.boolean;
    case 'number':
    case 'bigint':
      return rank.number;
    case 'string':
      return rank.string;
    default:
      return rankOfObject(value);
  }
}

function rankOfObject(value: object | null): Rank {
  if (value === null) return rank.null;
  if (value instanceof Map || value instanceof Stored) return rank.object;
  if (value instanceof Int32) return rank.number;
  if (Array.isArray(value)) return rank.array;
  if (value instanceof ObjectId) return rank.objectId;
  if (value instanceof Date) return rank.date;
  return rankOfRare(value);
}

function rankOfRare(value: object): Rank {
  if (value instanceof Binary) return rank.binary;
  if (value instanceof Timestamp) return rank.timestamp;
  if (value instanceof BSONRegExp) return rank.regex;
  if (value instanceof MinKey) return rank.minKey;
  if (value instanceof MaxKey) return rank.maxKey;
  return value instanceof Other && value.type === 6 ? rank.undefined : rank.other;
}

/** A document of fields, for answers. */
export function fields(entries: Record<string, Value>): Doc {
  return new Map(Object.entries(entries));
}

export function isDoc(value: Value | undefined): value is Doc {
  return value instanceof Map;
}

/** The number behind any numeric BSON type, or undefined; integers beyond 2^53 are rounded. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Int32) return value.value;
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

/** MongoDB's name of a value's type, for messages. */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  if (value instanceof Int32) return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'bigint') return 'long';
  const names = Object.entries({ ...rank, bool: rank.boolean, binData: rank.binary });
  return names.findLast(([, place]) => place === rankOf(value))?.[0] ?? 'unknown';
}
