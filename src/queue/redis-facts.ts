import type { Log } from '../ports/runtime.js';
import { openRedisLink, redisError } from './redis-link.js';

export interface RedisFacts {
  /** `host:port`. */
  readonly address: string;
  readonly version: string;
  /** Whether it keeps its data over a restart, by an append-only file or by snapshots; undefined when it does not say. */
  readonly isPersistent: boolean | undefined;
  /** How far its clock is ahead of ours, ms; as exact as half the round trip. */
  readonly aheadMs: number;
}

/**
 * What a Redis says of itself, ms by `now`. Throws REDIS_UNREACHABLE, and CONFIG_INVALID when it refuses us, is too old or may throw
 * jobs away.
 */
export async function readRedisFacts(url: string, log: Log, now: () => number): Promise<RedisFacts> {
  const link = await openRedisLink(url, log);
  try {
    const info = await link.calls.info();
    const askedAt = now();
    const [secs, micros] = await link.calls.time();
    const aheadMs = Number(secs) * 1000 + Number(micros) / 1000 - (askedAt + now()) / 2;
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
    const hasFile = field('aof_enabled') === '1';
    const isPersistent = hasFile ? true : await savesSnapshots(() => link.calls.config('GET', 'save'));
    return { address: link.address, version: field('redis_version') ?? '', isPersistent, aheadMs };
  } catch (error) {
    throw redisError(error, link.address);
  } finally {
    link.disconnect();
  }
}

/** Hosted ones often allow no CONFIG. */
async function savesSnapshots(read: () => Promise<unknown>): Promise<boolean | undefined> {
  try {
    const [, save] = (await read()) as string[];
    return save === undefined ? undefined : save !== '';
  } catch {
    return undefined;
  }
}
