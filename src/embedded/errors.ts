import type { Doc } from './bson/value.js';

/** MongoDB's names of the codes this store answers (its src/mongo/base/error_codes.yml). */
export const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
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
  197: 'InvalidIndexSpecificationOption',
  225: 'TransactionTooOld',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
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
