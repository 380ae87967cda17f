/**
 * `npm run store:scale`: what a store full of contacts and messages costs beside one that is all but empty. A table on stdout; exit 1
 * where a ratio is above the limit.
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../bench/machine.js';
import { aligned } from '../bench/table.js';
import type { Size } from '../../test/mongo/scale/rows.js';
import { compare, type Compared } from './alternate.js';
import { atOnce } from './measure.js';
import { mostRatio, readOptions, usage, type Options } from './options.js';
import { dropDatabases, embeddedPlace, mongodbPlace } from './place.js';

/** Both stores have the same little work waiting: the ratio tells what the finished rows cost, not the open ones. */
const backlog = 50;

const emptySize: Size = { contacts: 2 * atOnce, messages: 100, backlog };

/** How many times as many rows as the embedded store a MongoDB gets. */
const mongodbFactor = 10;

async function main(options: Options): Promise<void> {
  const began = machine();
  const { contacts, messages } = options;
  const size = { contacts: Math.max(contacts, emptySize.contacts), messages, backlog };
  const embedded = await measureEmbedded(options, size);
  print(
    `embedded: ${size.contacts} contacts, ${size.messages} messages; flush ${began.flushMs.p50.toFixed(1)} ms\n`,
  );
  print(tableOf(embedded));
  const mongodb = await measureMongodb(options, size);
  print(
    mongodb === undefined ? '\nmongodb: not run (MONGODB_URL is not set)' : `\nmongodb\n${tableOf(mongodb)}`,
  );
  const report = { machine: began, size, emptySize, mostRatio, embedded, mongodb: mongodb ?? 'not run' };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  const above = [...embedded, ...(mongodb ?? [])].filter(
    ({ name, ratio }) => isJudged(name) && ratio > mostRatio,
  );
  for (const { name, ratio } of above)
    tell(`${name.trim()} costs ${ratio.toFixed(2)} times as much as in an empty store`);
  process.exitCode = above.length > 0 ? 1 : 0;
}

async function measureEmbedded(options: Options, size: Size): Promise<Compared[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'understudy-scale-'));
  const directory = options.data ?? join(scratch, 'full');
  if (options.data !== undefined && existsSync(options.data))
    tell(`the full one is taken from ${options.data}`);
  try {
    const places = {
      empty: embeddedPlace(join(scratch, 'empty'), emptySize),
      full: embeddedPlace(directory, size),
    };
    return await compare(places, options, tell);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measureMongodb(options: Options, size: Size): Promise<Compared[] | undefined> {
  const url = process.env['MONGODB_URL'];
  if (url === undefined || url === '') return undefined;
  const large = {
    contacts: size.contacts * mongodbFactor,
    messages: size.messages * mongodbFactor,
    backlog,
  };
  const names = {
    empty: `understudy-scale-empty-${process.pid}`,
    full: `understudy-scale-full-${process.pid}`,
  };
  try {
    const places = {
      empty: mongodbPlace(url, names.empty, emptySize),
      full: mongodbPlace(url, names.full, large),
    };
    return await compare(places, options, tell);
  } finally {
    await dropDatabases(url, Object.values(names));
  }
}

/** Single calls of the hot path are shown, its sums are judged: a call of half a millisecond has more noise than growth. */
function isJudged(name: string): boolean {
  return !name.startsWith(' ');
}

function tableOf(compared: readonly Compared[]): string {
  const rows = compared.map(({ name, empty, full, ratio }) => [
    name,
    'ms',
    empty.toFixed(3),
    full.toFixed(3),
    ratio.toFixed(2),
  ]);
  return aligned([['', 'unit', 'empty', 'full', 'full / empty'], ...rows]);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(words: string): void {
  process.stderr.write(`store:scale: ${words}\n`);
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 2;
}
if (options !== undefined) await main(options);
