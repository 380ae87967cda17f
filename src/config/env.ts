/** Every variable, once: read raw here, given meaning in config.ts and secrets.ts. README.md shows this table; a test compares. */

import { readFileSync } from 'node:fs';
import { GatewayError } from '../domain/errors.js';

interface Variable {
  readonly name: string;
  /** Secrets may also be given as a file, by `NAME_FILE`; their values are never logged or repeated in an error. */
  readonly secret: boolean;
  /** What stands when it is not given; `required` where nothing does. */
  readonly default: string;
  readonly meaning: string;
  /** Completes "NAME must be …". */
  readonly expects: string;
  readonly example: string;
}

export const variables = [
  {
    name: 'TELEGRAM_API_ID',
    secret: false,
    default: 'required (1 with a server of your own)',
    meaning: 'The application id from https://my.telegram.org.',
    expects: 'the number from https://my.telegram.org',
    example: '1234567',
  },
  {
    name: 'TELEGRAM_API_HASH',
    secret: true,
    default: 'required (any with a server of your own)',
    meaning: 'The application hash that belongs to TELEGRAM_API_ID.',
    expects: 'the 32 hexadecimal digits from https://my.telegram.org',
    example: '0123456789abcdef0123456789abcdef',
  },
  {
    name: 'TELEGRAM_SERVER',
    secret: false,
    default: 'production',
    meaning:
      "Which Telegram: `production`, `test` (Telegram's test servers) or `host:port` of a server of your own.",
    expects: 'production, test or host:port',
    example: '127.0.0.1:8443',
  },
  {
    name: 'TELEGRAM_PUBLIC_KEY_FILE',
    secret: false,
    default: 'required with a server of your own',
    meaning: 'PEM file with the RSA public key of the server at TELEGRAM_SERVER=host:port.',
    expects: 'a readable PEM file with an RSA public key',
    example: './telegram.pem',
  },
  {
    name: 'BOT_API_ROOT',
    secret: false,
    default: 'https://api.telegram.org (none with a server of your own)',
    meaning: 'Address of the Bot API; only the setup bot uses it.',
    expects: 'an http or https address without user, password, query or fragment',
    example: 'http://127.0.0.1:8081',
  },
  {
    name: 'SERVICE_BOT_TOKEN',
    secret: true,
    default: 'required',
    meaning: 'Token of the service bot: the setup bot, and the desk bot where no pool is given.',
    expects: 'one bot token from @BotFather',
    example: '123456789:AAExampleExampleExampleExampleExample',
  },
  {
    name: 'DESK_BOT_TOKENS',
    secret: true,
    default: 'none',
    meaning:
      'Tokens of desk bots; the first posts in the backend groups (the service bot then posts nothing), the others stand by: put another first to change.',
    expects: 'bot tokens from @BotFather, separated by commas, each once and none of them SERVICE_BOT_TOKEN',
    example: '111111111:AAFirstDeskBot,222222222:AASecondDeskBot',
  },
  {
    name: 'DATA_DIR',
    secret: false,
    default: 'sessions',
    meaning: 'Directory (0700) of the embedded store, its key, lock and socket.',
    expects: 'a path',
    example: '/var/lib/understudy',
  },
  {
    name: 'MONGODB_URL',
    secret: true,
    default: 'none: the embedded store',
    meaning:
      'Replica set that keeps the data instead of the embedded store; SECRET_KEYS is required with it.',
    expects:
      'a mongodb:// or mongodb+srv:// address, with special characters of its password percent-encoded',
    example: 'mongodb://127.0.0.1:27017/understudy?replicaSet=rs0',
  },
  {
    name: 'REDIS_URL',
    secret: true,
    default: 'none: the queue in memory',
    meaning: 'Redis for the queue; several processes need it and MONGODB_URL.',
    expects: 'a redis:// or rediss:// address, with special characters of its password percent-encoded',
    example: 'redis://127.0.0.1:6379/0',
  },
  {
    name: 'SECRET_KEYS',
    secret: true,
    default: 'embedded: the file `key` in DATA_DIR, made at the first start; required with MONGODB_URL',
    meaning:
      'Keys that encrypt sessions at rest, `name:base64` separated by commas; the first encrypts, all decrypt.',
    expects: 'name:base64 of 32 random bytes, several separated by commas, each name once',
    example: 'k1:$(openssl rand -base64 32)',
  },
  {
    name: 'HTTP_LISTEN',
    secret: false,
    default: '127.0.0.1:8080',
    meaning:
      'Where health, readiness and metrics are served: `host:port`, another for each gateway, or `off`.',
    expects: 'host:port or off',
    example: '127.0.0.1:8080',
  },
  {
    name: 'LOG_LEVEL',
    secret: false,
    default: 'info',
    meaning: 'Lines written to stderr: `error`, `warn`, `info` or `debug`.',
    expects: 'error, warn, info or debug',
    example: 'debug',
  },
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]['name'];

/** What was given, as text; an empty value counts as not given (compose files pass `NAME=` for unset ones). */
export type RawEnv = Readonly<Partial<Record<VariableName, string>>>;

/** Throws CONFIG_INVALID when a secret is given twice or its file cannot be read. */
export function readEnv(env: Readonly<Record<string, string | undefined>>): RawEnv {
  const raw: Partial<Record<VariableName, string>> = {};
  for (const { name, secret } of variables) {
    const value = secret ? secretOf(env, name) : env[name];
    if (value !== undefined && value.trim() !== '') raw[name] = value.trim();
  }
  return raw;
}

/** The refusal of one variable: what it must be, and an example; never the value that was given. */
export function invalid(name: VariableName): GatewayError {
  return refuse(name, `must be ${variableOf(name).expects}`);
}

/** The refusal of one variable for a reason of its own, written as the rest of a sentence after its name. */
export function refuse(name: VariableName, reason: string): GatewayError {
  const { example } = variableOf(name);
  return new GatewayError('CONFIG_INVALID', `${name} ${reason}, for example ${name}=${example}.`);
}

function variableOf(name: VariableName): Variable {
  const found: Variable | undefined = variables.find((variable) => variable.name === name);
  if (found === undefined) throw new GatewayError('INTERNAL', `no variable ${name}`);
  return found;
}

function secretOf(env: Readonly<Record<string, string | undefined>>, name: VariableName): string | undefined {
  const file = env[`${name}_FILE`] ?? '';
  if (file === '') return env[name];
  if ((env[name] ?? '') !== '') {
    throw new GatewayError(
      'CONFIG_INVALID',
      `${name} and ${name}_FILE are both given; keep only ${name}_FILE.`,
    );
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `${name}_FILE cannot be read (${codeOf(error)}); give the path of a readable file, for example ${name}_FILE=/run/secrets/${name.toLowerCase()}.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown error';
}
