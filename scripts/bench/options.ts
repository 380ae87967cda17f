import { parseArgs } from 'node:util';
import { columns, headings, type Column } from './columns.js';
import { measures, type MeasureName } from './measures.js';

export interface Options {
  readonly quick: boolean;
  readonly only: readonly MeasureName[];
  /** Empty: all. */
  readonly columns: readonly Column[];
  /** Where the JSON goes; else it stands on stdout before the table. */
  readonly json: string | undefined;
  readonly against: string | undefined;
  readonly rounds: number;
  readonly profile: string | undefined;
}

export const usage = `npm run bench -- [options]
  --quick         a few minutes: shorter runs, 1 and 50 connections
  --only NAME     one measure (repeatable): ${Object.keys(measures).join(', ')}
  --columns NAME  one column (repeatable): ${Object.values(headings).join(', ')}; link, start-up and memory know the first and the last
  --json FILE     the figures as JSON
  --against REV   runs REV's bench and this one alternately (--quick) and prints the ratios of the medians
  --rounds N      how often, with --against; default 3
  --profile DIR   CPU profile of the gateway during the rate measure`;

/** Throws an Error with one sentence. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      columns: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      against: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      profile: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number above 0');
  return {
    quick: values.quick,
    only: values.only.map(known),
    columns: values.columns.map(columnOf),
    json: values.json,
    against: values.against,
    rounds,
    profile: values.profile,
  };
}

function known(name: string): MeasureName {
  if (name in measures) return name as MeasureName;
  throw new Error(`--only must be one of ${Object.keys(measures).join(', ')}`);
}

function columnOf(heading: string): Column {
  const column = columns.find((one) => headings[one] === heading);
  if (column === undefined) throw new Error(`--columns must be one of ${Object.values(headings).join(', ')}`);
  return column;
}
