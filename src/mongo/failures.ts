/** What the driver throws, in our words: a full store and an unreachable one are told apart from everything unexpected. */

import {
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from 'mongodb';
import { GatewayError } from '../domain/errors.js';

/** OutOfDiskSpace: a full disk, or the cap of the embedded store. */
const fullCode = 14031;

/** The server is there and is no primary any more or not yet, goes down, or does not reach the others; the driver has repeated it once. */
const awayCodes: ReadonlySet<unknown> = new Set([
  6, 7, 89, 91, 133, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436,
]);

/** The same repository; its methods reject with STORE_FULL and MONGODB_UNREACHABLE (detail: the hosts) where these are the reason. */
export function inOurWords<T extends object>(repository: T, hosts: string): T {
  return new Proxy(repository, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return (await Reflect.apply(value, target, args)) as unknown;
        } catch (thrown) {
          throw inOurWord(thrown, hosts);
        }
      };
    },
  });
}

/** STORE_FULL or MONGODB_UNREACHABLE where that is what was thrown, else what was thrown. */
export function inOurWord(thrown: unknown, hosts: string): unknown {
  if (thrown instanceof MongoServerError && codesOf(thrown).includes(fullCode))
    return new GatewayError('STORE_FULL', thrown.message, { cause: thrown });
  return isAway(thrown) ? new GatewayError('MONGODB_UNREACHABLE', hosts, { cause: thrown }) : thrown;
}

function isAway(thrown: unknown): boolean {
  const reason = reasonOf(thrown);
  if (reason instanceof MongoNetworkError || reason instanceof MongoServerSelectionError) return true;
  if (!(thrown instanceof MongoServerError)) return false;
  return isUnconfirmed(thrown) || codesOf(thrown).some((code) => awayCodes.has(code));
}

/** It was done, but whether it stays, no majority has said: to be repeated, like what got no answer. */
function isUnconfirmed(error: MongoServerError): boolean {
  return error instanceof MongoBulkWriteError
    ? error.result.getWriteConcernError() !== undefined
    : error instanceof MongoWriteConcernError;
}

/** The driver wraps what befell the connection of a bulk into an error of its rows, of which it then has none. */
function reasonOf(thrown: unknown): unknown {
  if (!(thrown instanceof MongoBulkWriteError)) return thrown;
  const { errorResponse }: { readonly errorResponse: unknown } = thrown;
  return errorResponse instanceof Error ? errorResponse : thrown;
}

/** A bulk error carries the code of its first row only. */
function codesOf(error: MongoServerError): unknown[] {
  const rows = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  return [error.code, ...rows.map(({ code }) => code)];
}
