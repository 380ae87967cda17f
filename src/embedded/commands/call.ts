import { CommandError } from '../errors.js';
import { isDoc, numberOf, rank, rankOf, typeName, type Doc, type Value } from '../bson/value.js';
import type { Store } from '../storage/store.js';
import type { Cursors } from './cursors.js';

/** One command as it came over the wire. */
export interface Call {
  readonly name: string;
  readonly database: string;
  readonly body: Doc;
  /** The address that the client dialled, as it would write it in a URL. */
  readonly address: string;
  /** Monotonic milliseconds at which maxTimeMS is over; Infinity without one. */
  readonly deadline: number;
}

export interface Parts {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly now: () => Date;
}

interface Definition {
  /** Fields it takes beside the general ones; a nested list gives the fields of the documents in an array or of a document. */
  readonly fields: readonly string[];
  readonly statements?: {
    readonly field: string;
    readonly fields: readonly string[];
    readonly required: readonly string[];
  };
  /** Its page in MongoDB's manual, under /docs/manual/reference/command/. */
  readonly page: string;
}

/** A command either reads, or writes inside the transaction that `run` is called in. */
export type Command = Definition &
  (
    | { readonly kind: 'read'; readonly run: (call: Call, parts: Parts) => Promise<Doc> | Doc }
    | { readonly kind: 'write'; readonly run: (call: Call, parts: Parts) => Doc }
  );

/** The collection a command names. @throws CommandError 73 */
export function collectionName(call: Call, field = call.name): string {
  const name = call.body.get(field);
  if (typeof name !== 'string')
    throw new CommandError(73, `collection name has invalid type ${typeName(name)}`);
  if (name === '' || /[\0$]/.test(name) || name.startsWith('.'))
    throw new CommandError(73, `Invalid namespace specified '${call.database}.${name}'`);
  return name;
}

export function docField(doc: Doc, name: string): Doc | undefined {
  const value = doc.get(name);
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value)) throw wrongType(name, 'object', value);
  return value;
}

/** @throws CommandError 9 for a field that is not among `names`; `what` is the document's name */
export function onlyFields(doc: Doc, what: string, names: readonly string[]): void {
  for (const name of doc.keys()) {
    if (!names.includes(name))
      throw new CommandError(9, `BSON field '${what}.${name}' is not supported by this store`);
  }
}

/** A document, by default the empty one. */
export function docOrEmpty(doc: Doc, name: string): Doc {
  return docField(doc, name) ?? new Map<string, Value>();
}

/** A limit as MongoDB writes it: 0 is none. */
export function limitField(doc: Doc, name: string): number {
  const limit = countField(doc, name);
  return limit === undefined || limit === 0 ? Infinity : limit;
}

export function docsField(doc: Doc, name: string): Doc[] {
  const value = doc.get(name);
  if (value === undefined)
    throw new CommandError(40414, `BSON field '${name}' is missing but a required field`);
  if (!Array.isArray(value)) throw wrongType(name, 'array', value);
  return value.map((one) => {
    if (!isDoc(one)) throw wrongType(`${name}.element`, 'object', one);
    return one;
  });
}

/** A flag; numbers count as in MongoDB. */
export function flagField(doc: Doc, name: string, otherwise = false): boolean {
  const value = doc.get(name);
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  if (rankOf(value) !== rank.number) throw wrongType(name, 'bool', value);
  return numberOf(value) !== 0;
}

/** A whole number of 0 or more. @throws CommandError 14, 2 */
export function countField(doc: Doc, name: string): number | undefined {
  const value = doc.get(name);
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(name, 'number', value);
  if (!Number.isInteger(number) || number < 0)
    throw new CommandError(
      2,
      `BSON field '${name}' value must be a whole number >= 0, actual value '${number}'`,
    );
  return number;
}

function wrongType(name: string, wanted: string, value: Value | undefined): CommandError {
  return new CommandError(
    14,
    `BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
}
