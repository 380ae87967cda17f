/** The directory of a round, and the variables that every gateway of it shares. */

import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalTelegram } from '../../../test/emulator/telegram.js';
import type { Env } from '../../sandbox/processes.js';
import type { Cast } from './cast.js';

/** A throw-away directory. Flushing to a disk takes its time, and nothing here proves a disk: in memory where that is possible. */
export function roundDirectory(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'understudy-faults-'));
}

/** Sealing keys for the houses whose store is no directory of the gateway's. */
export const secretKeys = `faults:${Buffer.alloc(32, 7).toString('base64')}`;

/** Opens the local Telegram's ports. */
export async function telegramEnv(telegram: LocalTelegram, cast: Cast, directory: string): Promise<Env> {
  const { host, ports } = await telegram.listen();
  const publicKeyFile = join(directory, 'telegram.pem');
  writeFileSync(publicKeyFile, telegram.publicKeyPem);
  return {
    TELEGRAM_SERVER: `${host}:${Object.values(ports)[0] ?? 0}`,
    TELEGRAM_PUBLIC_KEY_FILE: publicKeyFile,
    BOT_API_ROOT: telegram.botApiRoot,
    SERVICE_BOT_TOKEN: cast.desk.bot?.token ?? '',
    DATA_DIR: join(directory, 'data'),
    HTTP_LISTEN: 'off',
    LOG_LEVEL: 'info',
  };
}
