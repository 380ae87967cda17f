/** What the variables mean: validated, with defaults, free of secrets. Contradictions are refused in plain words. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { invalid, refuse, type RawEnv } from './env.js';
import { refuseDecidedOptions } from './mongodb-url.js';
import { parse } from './parse.js';
import { readTelegram, type TelegramConfig } from './telegram.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export type StoreConfig =
  | { readonly kind: 'embedded' }
  /** Hosts only: the address with its password is a secret. */
  | { readonly kind: 'mongodb'; readonly hosts: string };

export type QueueConfig = { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly hosts: string };

export type HttpConfig =
  { readonly kind: 'off' } | { readonly kind: 'listen'; readonly host: string; readonly port: number };

/** What a command needs that only opens the embedded store. */
export interface PlaceConfig {
  /** Absolute. */
  readonly dataDir: string;
  readonly logLevel: LogLevel;
}

export interface Config extends PlaceConfig {
  readonly telegram: TelegramConfig;
  /** Without a trailing slash; absent when nobody may be asked (a server of one's own without a Bot API). */
  readonly botApiRoot?: string;
  readonly store: StoreConfig;
  readonly queue: QueueConfig;
  /** Several processes may share the work only over MongoDB and Redis; else the first one keeps the others out. */
  readonly processes: 'one' | 'several';
  readonly http: HttpConfig;
}

const schemas = {
  DATA_DIR: z.string().regex(/^[^\0]+$/),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']),
  HTTP_LISTEN: z.union([z.literal('off'), z.string().regex(/^(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/)]),
  // No `@` after the hosts: a `/` in the password that is not percent-encoded would else be taken for the path.
  MONGODB_URL: z.string().regex(/^mongodb(\+srv)?:\/\/([^@/?#]+@)?[\w.,:[\]%-]+(\/[\w.-]*)?(\?[^@]*)?$/),
  REDIS_URL: z.string().regex(/^rediss?:\/\/([^@/?#]+@)?[\w.:[\]-]+(\/\d*)?(\?[^@]*)?$/),
  BOT_API_ROOT: z.string().regex(/^https?:\/\/[\w.:[\]-]+(\/[\w./~-]*)?$/),
};

/** Throws CONFIG_INVALID with one sentence about the first variable that is wrong. */
export function readConfig(raw: RawEnv): Config {
  const telegram = readTelegram(raw);
  const botApiRoot = readBotApiRoot(raw, telegram);
  const store = readStore(raw);
  const queue = readQueue(raw);
  return {
    ...readPlace(raw),
    telegram,
    ...(botApiRoot === undefined ? {} : { botApiRoot }),
    store,
    queue,
    processes: store.kind === 'mongodb' && queue.kind === 'redis' ? 'several' : 'one',
    http: readHttp(raw),
  };
}

/** Throws CONFIG_INVALID as `readConfig`. */
export function readPlace(raw: RawEnv): PlaceConfig {
  return {
    dataDir: resolve(parse(raw, 'DATA_DIR', schemas.DATA_DIR) ?? 'sessions'),
    logLevel: parse(raw, 'LOG_LEVEL', schemas.LOG_LEVEL) ?? 'info',
  };
}

function readStore(raw: RawEnv): StoreConfig {
  const url = parse(raw, 'MONGODB_URL', schemas.MONGODB_URL);
  if (url === undefined) return { kind: 'embedded' };
  refuseDecidedOptions(url);
  if (raw.SECRET_KEYS === undefined) {
    throw refuse(
      'SECRET_KEYS',
      'is required with MONGODB_URL, because every process must hold the same keys',
    );
  }
  return { kind: 'mongodb', hosts: hostsOf(url) };
}

function readQueue(raw: RawEnv): QueueConfig {
  const url = parse(raw, 'REDIS_URL', schemas.REDIS_URL);
  return url === undefined ? { kind: 'memory' } : { kind: 'redis', hosts: hostsOf(url) };
}

function readHttp(raw: RawEnv): HttpConfig {
  const given = parse(raw, 'HTTP_LISTEN', schemas.HTTP_LISTEN) ?? '127.0.0.1:8080';
  if (given === 'off') return { kind: 'off' };
  const colon = given.lastIndexOf(':');
  const port = Number(given.slice(colon + 1));
  if (port > 65_535) throw invalid('HTTP_LISTEN');
  return { kind: 'listen', host: given.slice(0, colon).replace(/^\[|\]$/g, ''), port };
}

/** A server of one's own must never make the setup bot show its tokens to Telegram's. */
function readBotApiRoot(raw: RawEnv, telegram: TelegramConfig): string | undefined {
  const given = parse(raw, 'BOT_API_ROOT', schemas.BOT_API_ROOT);
  if (given !== undefined) return given.replace(/\/+$/, '');
  return telegram.server === 'custom' ? undefined : 'https://api.telegram.org';
}

/** The hosts of an address that its schema let pass. */
function hostsOf(url: string): string {
  const authority = url.slice(url.indexOf('//') + 2).split(/[/?]/)[0] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1);
}
