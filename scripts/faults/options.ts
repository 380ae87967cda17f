/** The command line of `npm run faults`. */

import { parseArgs } from 'node:util';

export const usage =
  'npm run faults -- [--messages N] [--seed N] [--only NAME,…] [--rounds N] [--services] [--short] [--stock] [--json FILE] [--list]\n' +
  '  --messages N  messages a round, both ways (default 150)\n' +
  '  --seed N      the same seed writes the same messages and kills at the same moments (default 1)\n' +
  '  --only NAMES  only these faults, by name or its beginning, separated by commas\n' +
  '  --rounds N    rounds a fault, each with a seed of its own (default 1)\n' +
  '  --short       the quick ones, with few messages: the round of CI\n' +
  '  --services    two gateway processes over a real Redis and a database that they share (MONGODB_URL, else mongod, else the\n' +
  '                embedded wire server as a process of its own)\n' +
  '  --stock       instead of the gateway: what the stock library does alone\n' +
  '  --json FILE   writes everything measured\n' +
  '  --list        names the faults\n';

export interface Options {
  readonly messages: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly rounds: number;
  readonly short: boolean;
  readonly services: boolean;
  readonly stock: boolean;
  readonly list: boolean;
  readonly json?: string;
}

/** Undefined: a flag is wrong. */
export function readOptions(args?: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      ...(args === undefined ? {} : { args }),
      options: {
        messages: { type: 'string' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string', default: '' },
        rounds: { type: 'string', default: '1' },
        short: { type: 'boolean', default: false },
        services: { type: 'boolean', default: false },
        stock: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
    const numbers = {
      messages: Number(values.messages ?? (values.short ? 48 : 150)),
      seed: Number(values.seed),
      rounds: Number(values.rounds),
    };
    if (!Object.values(numbers).every((number) => Number.isSafeInteger(number) && number > 0))
      return undefined;
    const { services, short, stock, list, json } = values;
    if (services && stock) return undefined;
    const only = values.only.split(',').filter((name) => name !== '');
    return { ...numbers, only, services, short, stock, list, ...(json === undefined ? {} : { json }) };
  } catch {
    return undefined;
  }
}
