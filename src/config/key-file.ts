import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../domain/errors.js';
import { formatKey, parseKeys, type SecretKey } from './secret-keys.js';

/**
 * The keys of the file `key` in the data directory, made (0600) when it is not there. Its text has SECRET_KEYS's form, so
 * it can be moved there. Throws CONFIG_INVALID when others may read the file, it holds no key or cannot be made.
 */
export function ensureKeyFile(dataDir: string): readonly SecretKey[] {
  return keysOf(dataDir, (file) => makeKeyFile(dataDir, file));
}

/** The same where a new key is of no use, because something that an earlier one has sealed must be opened: CONFIG_INVALID when it is not there. */
export function requireKeyFile(dataDir: string): readonly SecretKey[] {
  return keysOf(dataDir, (file) => {
    throw new GatewayError(
      'CONFIG_INVALID',
      `There is no key file ${file}, and a new key would open no archive; put the one of the former installation there, for example with: install -d -m 700 ${dataDir} && cp FORMER/key ${file}, or give SECRET_KEYS.`,
    );
  });
}

function keysOf(dataDir: string, otherwise: (file: string) => readonly SecretKey[]): readonly SecretKey[] {
  const file = join(dataDir, 'key');
  try {
    return readKeyFile(file) ?? otherwise(file);
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new GatewayError(
      'CONFIG_INVALID',
      `The key file ${file} can be neither read nor made (${code}); make DATA_DIR writable for this user, for example DATA_DIR=./sessions, or give SECRET_KEYS.`,
    );
  }
}

function readKeyFile(file: string): readonly SecretKey[] | undefined {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return undefined;
  if ((mode & 0o077) !== 0) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `The key file ${file} can be read by other users; close it, for example with: chmod 600 ${file}.`,
    );
  }
  const keys = parseKeys(readFileSync(file, 'utf8').trim());
  if (keys === undefined) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `The key file ${file} does not hold a key; put its backup back, for example with: cp BACKUP/key ${file}, or give SECRET_KEYS.`,
    );
  }
  return keys;
}

/** Written aside, flushed and then linked: neither a crash nor a second process leaves half a key or replaces one in use. */
function makeKeyFile(dataDir: string, file: string): readonly SecretKey[] {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = { kid: `file-${randomBytes(4).toString('hex')}`, bytes: randomBytes(32) };
  const draft = `${file}.${key.kid}`;
  write(draft, `${formatKey(key)}\n`);
  try {
    linkSync(draft, file);
    flushDirectory(dataDir);
    return [key];
  } catch (error) {
    const winner = readKeyFile(file);
    if (winner === undefined) throw error;
    return winner;
  } finally {
    rmSync(draft, { force: true });
  }
}

function write(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A name is durable only when its directory is. */
function flushDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
