/** The command line of `npm run faults`. */

import { parseArgs } from 'node:util';

export const usage =
  'npm run faults -- [--messages N] [--seed N] [--only NAME,…] [--rounds N] [--short] [--stock] [--json FILE] [--list]\n' +
  '  --messages N  messages a round, both ways (default 150)\n' +
  '  --seed N      the same seed writes the same messages and kills at the same moments (default 1)\n' +
  '  --only NAMES  only these faults, by name or its beginning, separated by commas\n' +
  '  --rounds N    rounds a fault, each with a seed of its own (default 1)\n' +
  '  --short       the quick ones, with few messages: the round of CI\n' +
  '  --stock       instead of the gateway: what the stock library does alone\n' +
  '  --json FILE   writes everything measured\n' +
  '  --list        names the faults\n';

export interface Options {
  readonly messages: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly rounds: number;
  readonly short: boolean;
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
    const { short, stock, list, json } = values;
    const only = values.only.split(',').filter((name) => name !== '');
    return { ...numbers, only, short, stock, list, ...(json === undefined ? {} : { json }) };
  } catch {
    return undefined;
  }
}
