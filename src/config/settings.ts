import { readConfig, readPlace, type Config, type PlaceConfig } from './config.js';
import { readEnv } from './env.js';
import { readSecrets, type KeyFile, type Secrets } from './secrets.js';

export interface Settings {
  readonly config: Config;
  readonly secrets: Secrets;
}

/** Everything the gateway is told from outside: env → config → secrets. Throws CONFIG_INVALID with one clear sentence. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  keyFile?: KeyFile,
): Settings {
  const raw = readEnv(env);
  const config = readConfig(raw);
  return { config, secrets: readSecrets(raw, config, keyFile) };
}

/** The part that the store alone needs: it runs without any Telegram. Throws CONFIG_INVALID. */
export function readPlaceSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): PlaceConfig {
  return readPlace(readEnv(env));
}
