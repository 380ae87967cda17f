import { parseArgs } from 'node:util';

export interface Options {
  /** Of the full embedded store; a MongoDB gets ten times as many. */
  readonly contacts: number;
  readonly messages: number;
  /** Each of both stores in turn. */
  readonly runs: number;
  /** Messages carried over one after the other in each run. */
  readonly walks: number;
  /** Where the full embedded store lies: kept, and used again if it is there. */
  readonly data: string | undefined;
  readonly json: string | undefined;
}

/** What a full store may cost beside an empty one. */
export const mostRatio = 1.5;

export const usage = `npm run store:scale -- [options]
  --contacts N    of the full embedded store; default 100000 (MongoDB: ten times as many)
  --messages N    of the full embedded store; default 500000 (MongoDB: ten times as many)
  --runs N        runs, each of both stores in turn; default 9
  --walks N       messages in each run; default 100
  --data DIR      keeps the full embedded store there, and takes it from there the next time
  --json FILE     the figures as JSON
With MONGODB_URL the same is measured there too, in two databases that are dropped afterwards.`;

/** Throws an Error with one sentence. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: 'string', default: '100000' },
      messages: { type: 'string', default: '500000' },
      runs: { type: 'string', default: '9' },
      walks: { type: 'string', default: '100' },
      data: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    contacts: countOf('contacts', values.contacts),
    messages: countOf('messages', values.messages),
    runs: countOf('runs', values.runs),
    walks: countOf('walks', values.walks),
    data: values.data,
    json: values.json,
  };
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  return count;
}
