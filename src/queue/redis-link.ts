import { Redis, type RedisOptions } from 'ioredis';
import { GatewayError } from '../domain/errors.js';
import type { Log } from '../ports/runtime.js';

const connectTimeoutMs = 5_000;
/** Redis 6.2 is the oldest on which every command that BullMQ uses behaves as documented. */
const oldest = [6, 2] as const;

/** Two connections that share one address: callers must hear quickly that Redis is gone, workers wait until it is back. */
export interface RedisLink {
  /** For adding and counting: a command fails after a few seconds. */
  readonly calls: Redis;
  /** For the workers: commands wait through an outage (BullMQ duplicates it for its blocking reads). */
  readonly work: Redis;
  /** `host:port`, without name and password. */
  readonly address: string;
  /** Whether Redis answers at the moment. */
  isUp(): boolean;
  /** Ends both at once; commands that still wait are rejected. */
  disconnect(): void;
}

export interface LinkOptions {
  /**
   * `once`: of `calls`, one whose answer was lost with its connection fails, since Redis may have done it. Default: it is sent again,
   * which is harmless for what has an id.
   */
  readonly send?: 'once';
}

/** Throws REDIS_UNREACHABLE, or CONFIG_INVALID when Redis refuses us or may throw jobs away. */
export async function openRedisLink(url: string, log: Log, { send }: LinkOptions = {}): Promise<RedisLink> {
  const calls = new Redis(url, {
    ...commonOptions(),
    autoResendUnfulfilledCommands: send !== 'once',
    maxRetriesPerRequest: 2,
    commandTimeout: connectTimeoutMs,
  });
  const address = `${calls.options.host ?? '127.0.0.1'}:${calls.options.port ?? 6379}`;
  await connect(calls, address);
  const work = calls.duplicate({
    ...commonOptions(),
    // Also where calls are sent once: ioredis forgets a SUBSCRIBE that breaks with its connection, and nobody would serve its name.
    autoResendUnfulfilledCommands: true,
    // Who subscribes does it again on `ready`: nobody would hear of the failure of one that ioredis makes, and Node ends on it.
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  });
  try {
    checkServer(await calls.info(), address);
    await connect(work, address);
  } catch (thrown) {
    calls.disconnect();
    work.disconnect();
    throw redisError(thrown, address);
  }
  reportOutages(calls, log);
  return {
    calls,
    work,
    address,
    isUp: () => calls.status === 'ready',
    disconnect() {
      calls.disconnect();
      work.disconnect();
    },
  };
}

/** Whatever ioredis threw, without the command it was about: arguments hold ids, the URL a password. */
export function redisError(thrown: unknown, address: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const reason = thrown instanceof Error ? reasonOf(thrown) : 'no answer';
  return new GatewayError('REDIS_UNREACHABLE', `${address}: ${reason}`);
}

function commonOptions() {
  return {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    keepAlive: 10_000,
    retryStrategy: (attempt: number) => Math.min(attempt * 200, 2_000),
  } satisfies RedisOptions;
}

/** The first connection is tried once: a wrong address must end the start, not loop. */
async function connect(redis: Redis, address: string): Promise<void> {
  let last: unknown;
  const note = (error: unknown) => (last ??= error);
  redis.on('error', note);
  const later = redis.options.retryStrategy;
  redis.options.retryStrategy = () => null;
  try {
    await redis.connect();
  } catch (thrown) {
    redis.disconnect();
    throw refusal(last ?? thrown, address);
  } finally {
    redis.off('error', note);
    // Without a listener ioredis prints errors itself; outages are reported by their beginning and end.
    redis.on('error', () => undefined);
  }
  if (later !== undefined) redis.options.retryStrategy = later;
  // A refused database number closes nothing, it only shows in the error event: the jobs would stand in database 0.
  if (last !== undefined) {
    redis.disconnect();
    throw refusal(last, address);
  }
}

function refusal(thrown: unknown, address: string): GatewayError {
  const reason = thrown instanceof Error ? reasonOf(thrown) : '';
  if (['WRONGPASS', 'NOAUTH', 'NOPERM', 'ERR'].includes(reason)) {
    return new GatewayError(
      'CONFIG_INVALID',
      `Redis at ${address} refuses the user, password or database number in REDIS_URL (${reason}); write it like redis://:PASSWORD@${address}/0.`,
    );
  }
  return redisError(thrown, address);
}

/** The system's or Redis's own code word: `ECONNREFUSED`, `WRONGPASS`, `OOM`; else the class. */
function reasonOf(error: Error & { code?: unknown }): string {
  if (typeof error.code === 'string') return error.code;
  return /^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? error.name;
}

function checkServer(info: string, address: string): void {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new GatewayError(
      'CONFIG_INVALID',
      `Redis at ${address} may throw jobs away (maxmemory-policy ${policy}); set it with: redis-cli CONFIG SET maxmemory-policy noeviction.`,
    );
  }
  const [major = 0, minor = 0] = (field('redis_version') ?? '').split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `Redis at ${address} is version ${major}.${minor}; REDIS_URL needs Redis ${oldest.join('.')} or newer, for example the image redis:7.`,
    );
  }
}

function reportOutages(redis: Redis, log: Log): void {
  let down = false;
  redis.on('close', () => {
    // `end` follows a close of ours; then nobody is waiting for Redis any more.
    if (down || redis.status === 'end') return;
    down = true;
    log.error('redis-lost');
  });
  redis.on('ready', () => {
    if (down) log.info('redis-back');
    down = false;
  });
}
