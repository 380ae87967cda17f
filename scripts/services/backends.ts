/** The real servers: named by URL, else started where the PATH has them, else missing with the reason. */

import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { hasMongod, startMongod } from '../../test/support/mongod.js';
import { hasRedisServer, startRedisServer } from '../../test/support/redis-server.js';
import type { Options, RealName } from './options.js';

export type Backend =
  | { readonly name: RealName; readonly url: string; readonly version: string }
  | { readonly name: RealName; readonly missing: string };

/** Takes what must be ended later. */
export type Keep = (close: () => Promise<void>) => void;

/** @throws Error, in a sentence, when a server that a URL names does not answer */
export async function openBackends(options: Options, keep: Keep): Promise<Record<RealName, Backend>> {
  return { redis: await redis(options.redisUrl, keep), mongodb: await mongodb(options.mongoUrl, keep) };
}

/** The sentence about required servers that are missing; undefined: all are there. */
export function missingOf(
  backends: Record<RealName, Backend>,
  required: readonly RealName[],
): string | undefined {
  const sentences = required.flatMap((name) => {
    const backend = backends[name];
    return 'missing' in backend
      ? [`REQUIRE_REAL asks for a real ${name}, but it cannot be run: ${backend.missing}.`]
      : [];
  });
  return sentences.length === 0 ? undefined : sentences.join('\n');
}

async function redis(given: string | undefined, keep: Keep): Promise<Backend> {
  if (given === undefined && !hasRedisServer)
    return { name: 'redis', missing: 'no redis-server on the PATH, REDIS_URL not set' };
  let url = given;
  if (url === undefined) {
    const server = await startRedisServer();
    keep(() => server.stop());
    url = server.url;
  }
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 5000, retryStrategy: () => null });
  // Told by the command below.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'of unknown version';
    return { name: 'redis', url, version };
  } catch (error) {
    throw unanswered('REDIS_URL', error);
  } finally {
    client.disconnect();
  }
}

async function mongodb(given: string | undefined, keep: Keep): Promise<Backend> {
  if (given === undefined && !hasMongod())
    return { name: 'mongodb', missing: 'no mongod on the PATH, MONGODB_URL not set' };
  let url = given;
  if (url === undefined) {
    const server = await startMongod();
    keep(() => server.stop());
    url = server.url;
  }
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 8000 });
  try {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return { name: 'mongodb', url, version: String(version) };
  } catch (error) {
    throw unanswered('MONGODB_URL', error);
  } finally {
    await client.close();
  }
}

/** The URL itself may hold a password. */
function unanswered(variable: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`The server that ${variable} names does not answer (${reason}).`, { cause: error });
}
