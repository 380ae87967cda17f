/** One database of a MongoDB, a real one or the embedded store: both are reached by URL. */

import {
  MongoClient,
  MongoCompatibilityError,
  MongoError,
  MongoServerError,
  MongoServerSelectionError,
  type Db,
  type MongoClientOptions,
} from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import { endWritesWithTheirSocket } from './closed-sockets.js';
import { inOurWord } from './failures.js';

export interface Connected {
  readonly db: Db;
  readonly client: MongoClient;
  /** Host names only: the URL may hold a password. */
  readonly hosts: string;
  readonly close: () => Promise<void>;
}

/** How the driver is asked to work; every repository relies on them. What a URL may not say beside them: config/mongodb-url.ts. */
export const clientOptions: MongoClientOptions = {
  serverSelectionTimeoutMS: 8000,
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  ignoreUndefined: true,
};

/** Writes nothing. Throws MONGODB_UNREACHABLE, or CONFIG_INVALID for a malformed URL, a refused user and a server that is too old. */
export async function connectDatabase(url: string, database = 'understudy'): Promise<Connected> {
  const client = clientOf(url);
  try {
    await client.connect();
    const db = client.db(client.options.dbName === 'test' ? database : client.options.dbName);
    return { db, client, hosts: hostsOf(client), close: () => client.close() };
  } catch (error) {
    await client.close().catch(() => undefined);
    throw openingError(error, hostsOf(client));
  }
}

function clientOf(url: string): MongoClient {
  endWritesWithTheirSocket();
  try {
    return new MongoClient(url, clientOptions);
  } catch (error) {
    const detail =
      'MONGODB_URL is malformed; write it like mongodb://127.0.0.1:27017/understudy?replicaSet=rs0.';
    throw new GatewayError('CONFIG_INVALID', detail, { cause: error });
  }
}

/** Unauthorized, AuthenticationFailed. */
const refusals: ReadonlySet<unknown> = new Set([13, 18]);

/** What connecting, and the first commands, end with: refused, too old, out of reach, full, or unexpected as it was thrown. */
export function openingError(error: unknown, hosts: string): unknown {
  if (error instanceof MongoServerError && refusals.has(error.code)) {
    const detail = `MongoDB at ${hosts} refuses the user or password in MONGODB_URL; write it like mongodb://USER:PASSWORD@${hosts}/understudy.`;
    return new GatewayError('CONFIG_INVALID', detail, { cause: error });
  }
  if (isTooOld(error)) {
    const detail = `MongoDB at ${hosts} is too old; MONGODB_URL needs 4.4 or newer, for example the image mongo:8.`;
    return new GatewayError('CONFIG_INVALID', detail, { cause: error });
  }
  const name = missingReplicaSet(error);
  if (name !== undefined) {
    const detail = `MongoDB at ${hosts} is no replica set named ${name}, or it was not initiated; start it with --replSet ${name} and run rs.initiate() there once, or give the name of its replica set in MONGODB_URL.`;
    return new GatewayError('CONFIG_INVALID', detail, { cause: error });
  }
  // mongodb+srv: the resolver's own error.
  const isUnresolved = error instanceof Error && !(error instanceof MongoError) && 'syscall' in error;
  return isUnresolved
    ? new GatewayError('MONGODB_UNREACHABLE', hosts, { cause: error })
    : inOurWord(error, hosts);
}

/** The driver keeps on looking for a better server until its time is up; why it took none stands with each. */
function isTooOld(error: unknown): boolean {
  if (!(error instanceof MongoServerSelectionError)) return error instanceof MongoCompatibilityError;
  const servers = [...(error.reason?.servers.values() ?? [])];
  return servers.some((server) => server.error instanceof MongoCompatibilityError);
}

/**
 * The replica set that was looked for, where every server that was asked has answered and none is of it: the driver forgets those that
 * are alone or of another one, and an uninitiated one says that it would like to be.
 */
function missingReplicaSet(error: unknown): string | undefined {
  if (!(error instanceof MongoServerSelectionError) || error.reason === undefined) return undefined;
  const { setName, servers } = error.reason;
  const isMissing = [...servers.values()].every(({ type }) => type === 'RSGhost');
  return isMissing ? (setName ?? 'rs0') : undefined;
}

function hostsOf(client: MongoClient): string {
  const { srvHost, hosts } = client.options;
  return srvHost ?? hosts.map((host) => host.toString()).join(', ');
}
