/** The secrets, apart from the configuration: nothing here is ever logged, thrown or put into a job. */

import { z } from 'zod';
import type { Config } from './config.js';
import { invalid, refuse, type RawEnv } from './env.js';
import { ensureKeyFile, requireKeyFile } from './key-file.js';
import { parse } from './parse.js';
import { parseKeys, type SecretKey } from './secret-keys.js';

export interface Secrets {
  readonly apiHash: string;
  readonly serviceBotToken: string;
  /** Empty: the service bot is the desk bot. */
  readonly deskBotTokens: readonly string[];
  /** At least one; the first encrypts, all decrypt. */
  readonly keys: readonly SecretKey[];
  /** Present exactly when `config.store.kind` is `mongodb`. */
  readonly mongodbUrl?: string;
  /** Present exactly when `config.queue.kind` is `redis`. */
  readonly redisUrl?: string;
}

/** What becomes of a key file that is not there; a command that opens what an earlier key has sealed requires it. */
export type KeyFile = 'make' | 'require';

const hashSchema = z.string().regex(/^[\da-f]{32}$/i);
const anyHashSchema = z.string().regex(/^\S{1,100}$/);
const tokenSchema = z.string().regex(/^[1-9]\d{0,19}:[\w-]{1,100}$/);

/**
 * Called after `readConfig`. Embedded without SECRET_KEYS it makes the key file at the first start, or requires the one that is there.
 * Throws CONFIG_INVALID with one sentence about the first variable that is wrong.
 */
export function readSecrets(
  raw: RawEnv,
  config: Pick<Config, 'telegram' | 'dataDir'>,
  keyFile: KeyFile = 'make',
): Secrets {
  const serviceBotToken = parse(raw, 'SERVICE_BOT_TOKEN', tokenSchema);
  if (serviceBotToken === undefined)
    throw refuse('SERVICE_BOT_TOKEN', 'is required; make a bot at @BotFather');
  const apiHash = readApiHash(raw, config);
  const deskBotTokens = readDeskBotTokens(raw, serviceBotToken);
  return {
    apiHash,
    serviceBotToken,
    deskBotTokens,
    ...(raw.MONGODB_URL === undefined ? {} : { mongodbUrl: raw.MONGODB_URL }),
    ...(raw.REDIS_URL === undefined ? {} : { redisUrl: raw.REDIS_URL }),
    // Last: a key file is made only for a configuration that is otherwise whole.
    keys: readKeys(raw, config.dataDir, keyFile),
  };
}

function readApiHash(raw: RawEnv, { telegram }: Pick<Config, 'telegram'>): string {
  if (telegram.server === 'custom') return parse(raw, 'TELEGRAM_API_HASH', anyHashSchema) ?? 'local';
  const given = parse(raw, 'TELEGRAM_API_HASH', hashSchema);
  if (given === undefined) {
    throw refuse(
      'TELEGRAM_API_HASH',
      `is required with TELEGRAM_SERVER=${telegram.server}; take it from https://my.telegram.org`,
    );
  }
  return given;
}

function readDeskBotTokens(raw: RawEnv, serviceBotToken: string): readonly string[] {
  const tokens = (raw.DESK_BOT_TOKENS ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
  // One bot may have several tokens over time; the number before the colon is the bot.
  const bots = [serviceBotToken, ...tokens].map((token) => token.split(':')[0]);
  if (new Set(bots).size < bots.length || !tokens.every((token) => tokenSchema.safeParse(token).success)) {
    throw invalid('DESK_BOT_TOKENS');
  }
  return tokens;
}

function readKeys(raw: RawEnv, dataDir: string, keyFile: KeyFile): readonly SecretKey[] {
  if (raw.SECRET_KEYS === undefined)
    return keyFile === 'make' ? ensureKeyFile(dataDir) : requireKeyFile(dataDir);
  const keys = parseKeys(raw.SECRET_KEYS);
  if (keys === undefined) throw invalid('SECRET_KEYS');
  return keys;
}
