/** The command line and the environment of `npm run test:services`. */

import { parseArgs } from 'node:util';

export const usage =
  'npm run test:services -- [--seed N] [--rounds N] [--differential [URL [URL]]]\n' +
  '  --seed N        the first seed of the differential rounds (default 1)\n' +
  '  --rounds N      how many rounds, each with the next seed (default 6)\n' +
  '  --differential  nothing but the differential rounds: between two databases, of one against the naive model, or (no URL)\n' +
  '                  of a fresh embedded store against the model\n' +
  'MONGODB_URL and REDIS_URL name servers; without them mongod and redis-server are started where the PATH has them.\n' +
  'REQUIRE_REAL=redis or REQUIRE_REAL=redis,mongodb fails when a named one is missing.\n';

export const realNames = ['redis', 'mongodb'] as const;
export type RealName = (typeof realNames)[number];

export interface Options {
  readonly seed: number;
  readonly rounds: number;
  /** Undefined: everything. */
  readonly differential?: readonly string[];
  readonly required: readonly RealName[];
  readonly mongoUrl?: string;
  readonly redisUrl?: string;
}

/** A sentence says what is wrong. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | string {
  const words = readWords(args);
  if (typeof words === 'string') return words;
  const named = (env['REQUIRE_REAL'] ?? '').split(',').map((name) => name.trim());
  const required = named.filter((name) => name !== '');
  const unknown = required.find((name) => !isReal(name));
  if (unknown !== undefined)
    return `REQUIRE_REAL names '${unknown}', which is no service; it takes redis and mongodb, separated by a comma.`;
  const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
  return {
    ...words,
    required: required.filter(isReal),
    ...(mongoUrl === undefined || mongoUrl === '' ? {} : { mongoUrl }),
    ...(redisUrl === undefined || redisUrl === '' ? {} : { redisUrl }),
  };
}

function isReal(name: string): name is RealName {
  return realNames.some((one) => one === name);
}

function readWords(args: string[]): Pick<Options, 'seed' | 'rounds' | 'differential'> | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        seed: { type: 'string', default: '1' },
        rounds: { type: 'string', default: '6' },
        differential: { type: 'boolean', default: false },
      },
    });
    const [seed, rounds] = [Number(values.seed), Number(values.rounds)];
    if (![seed, rounds].every((number) => Number.isSafeInteger(number) && number > 0))
      return '--seed and --rounds are whole numbers above 0.';
    if (positionals.length > (values.differential ? 2 : 0))
      return values.differential
        ? '--differential takes at most two URLs.'
        : 'URLs belong to --differential.';
    return { seed, rounds, ...(values.differential ? { differential: positionals } : {}) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
