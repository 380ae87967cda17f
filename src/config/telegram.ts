import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { invalid, refuse, type RawEnv } from './env.js';
import { parse } from './parse.js';

/** Which Telegram, and who we are there (the application hash is a secret). */
export type TelegramConfig =
  | { readonly server: 'production' | 'test'; readonly apiId: number }
  | {
      readonly server: 'custom';
      readonly apiId: number;
      /** The first address for any data centre; the others come from `help.getConfig`. */
      readonly host: string;
      readonly port: number;
      readonly publicKeyPem: string;
    };

const longestId = 2 ** 31 - 1;

const apiIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .transform(Number)
  .refine((id) => id <= longestId);
const serverSchema = z.union([
  z.enum(['production', 'test']),
  z.string().regex(/^(\[[\da-fA-F:.]+\]|[\w.-]+):[1-9]\d{0,4}$/),
]);

/** Throws CONFIG_INVALID with one sentence about the first variable that is wrong. */
export function readTelegram(raw: RawEnv): TelegramConfig {
  const server = parse(raw, 'TELEGRAM_SERVER', serverSchema) ?? 'production';
  const apiId = parse(raw, 'TELEGRAM_API_ID', apiIdSchema);
  if (server === 'production' || server === 'test') return official(raw, server, apiId);
  const colon = server.lastIndexOf(':');
  const port = Number(server.slice(colon + 1));
  if (port > 65_535) throw invalid('TELEGRAM_SERVER');
  const host = server.slice(0, colon).replace(/^\[|\]$/g, '');
  return { server: 'custom', apiId: apiId ?? 1, host, port, publicKeyPem: readPublicKey(raw) };
}

function official(raw: RawEnv, server: 'production' | 'test', apiId: number | undefined): TelegramConfig {
  if (raw.TELEGRAM_PUBLIC_KEY_FILE !== undefined) {
    throw refuse(
      'TELEGRAM_SERVER',
      `is ${server}, whose keys are built in, but TELEGRAM_PUBLIC_KEY_FILE is given; drop it or name the server that it belongs to`,
    );
  }
  if (apiId === undefined) {
    throw refuse(
      'TELEGRAM_API_ID',
      `is required with TELEGRAM_SERVER=${server}; take it from https://my.telegram.org`,
    );
  }
  return { server, apiId };
}

function readPublicKey(raw: RawEnv): string {
  const file = raw.TELEGRAM_PUBLIC_KEY_FILE;
  if (file === undefined)
    throw refuse('TELEGRAM_PUBLIC_KEY_FILE', 'is required with TELEGRAM_SERVER=host:port');
  try {
    const pem = readFileSync(file, 'utf8');
    // A private key would be accepted here too, and its file should not lie about for a client to read.
    if (!pem.includes('PRIVATE') && createPublicKey(pem).asymmetricKeyType === 'rsa') return pem;
  } catch {
    // Missing, unreadable or no key: the way out is the same.
  }
  throw invalid('TELEGRAM_PUBLIC_KEY_FILE');
}
