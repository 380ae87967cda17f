import type { Doc } from './bson/value.js';

/** MongoDB's names of the codes this store answers (its src/mongo/base/error_codes.yml). */
export const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  171: 'CannotIndexParallelArrays',
  225: 'TransactionTooOld',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  352: 'UnsupportedOpQueryCommand',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
};

/** Codes that MongoDB numbers by their place in its source (`Location15947`), with what this store says by them. */
export const locationCodes: Readonly<Record<number, string>> = {
  15947: 'a $group that is no document',
  15955: 'a $group without _id',
  15958: 'a $skip or $limit that is no such number',
  15959: 'a $match, $sort or $project that is no document',
  15975: 'a sort direction other than 1 and -1',
  15976: 'a $sort without fields',
  31249: 'a projection of a path and of one inside it',
  31253: 'an included field among excluded ones',
  31254: 'an excluded field among included ones',
  40156: 'a $count whose field name is empty, dotted or begins with $',
  40234: 'a field of $group that is no accumulator',
  40235: 'a field name of $group that is dotted or begins with $',
  40323: 'a stage of more or less than one field',
  40353: 'a field path with an empty part',
  40414: 'a required field that is missing',
  40432: 'a message section of unknown kind',
  51272: 'a $project without fields',
};

/**
 * An answer with `ok: 0` or a write error: what the driver shall see. It never leaves the worker's folder;
 * above the wire the driver makes a MongoServerError of it.
 */
export class CommandError extends Error {
  readonly code: number;
  /** Further fields of the answer: keyPattern and keyValue of a duplicate key. */
  readonly details: Doc;

  constructor(code: number, message: string, details: Doc = new Map()) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get codeName(): string {
    return codeNames[this.code] ?? `Location${this.code}`;
  }
}
