/** `npm run test:services`: the contract suites on every backend at hand, the walk over real services, the differential rounds. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingOf, openBackends, type Backend, type Keep } from './backends.js';
import { hasRedisServer } from '../../test/support/redis-server.js';
import { embeddedUrl, playDifferential } from './differential.js';
import { cellLine, failureLines, hasFailed, summaryLine, verdictLines, type Cell } from './matrix.js';
import { readOptions, usage, type Options } from './options.js';
import { runSuite, type Outcome } from './suite.js';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** Everything that was started, ended in reverse, once. */
const closers: (() => Promise<void>)[] = [];
const keep: Keep = (close) => void closers.push(close);
async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}

/** Answers the exit code. */
async function run(options: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-services-'));
  keep(async () => rmSync(directory, { recursive: true, force: true }));
  const cells = options.differential
    ? [await differentialCell(options.differential, options, directory)]
    : await everything(options, directory);
  if (typeof cells === 'string') {
    tell(cells);
    return 1;
  }
  for (const line of ['', ...failureLines(cells), summaryLine(cells), ...verdictLines(cells)]) tell(line);
  return hasFailed(cells) ? 1 : 0;
}

/** The cells in order, each told when it is there; a sentence when a required server is missing. */
async function everything(options: Options, directory: string): Promise<Cell[] | string> {
  const backends = await openBackends(options, keep);
  const missing = missingOf(backends, options.required);
  if (missing !== undefined) return missing;
  const cells: Cell[] = [];
  const { mongodb, redis } = backends;
  const suite = (name: string, files: readonly string[], env: Readonly<Record<string, string>>) =>
    runSuite(
      files,
      { MONGODB_URL: '', REDIS_URL: '', ...env },
      join(directory, `${cells.length}-${name}`),
      keep,
    );
  const add = async (
    cell: Omit<Cell, 'result'>,
    on: Backend | undefined,
    work: (url: string) => Promise<Outcome>,
  ) => {
    const result = on && 'missing' in on ? { missing: on.missing } : await work(on?.url ?? '');
    cells.push({ ...cell, result });
    tell(cellLine({ ...cell, result }));
  };
  const store = ['test/contract/store/**/*.test.ts'];
  await add({ suite: 'store contract', backend: 'embedded' }, undefined, () => suite('store', store, {}));
  await add({ suite: 'store contract', backend: labelOf(mongodb) }, mongodb, (url) =>
    suite('store', store, { MONGODB_URL: url, STORE_TARGET: 'MongoDB' }),
  );
  await add({ suite: 'queue contract', backend: 'memory queue' }, undefined, () =>
    suite('queue', ['test/contract/queue/memory.test.ts'], {}),
  );
  await add({ suite: 'queue contract', backend: labelOf(redis) }, redis, (url) =>
    suite('queue', ['test/contract/queue/redis.test.ts'], { REDIS_URL: url }),
  );
  const services = { ...('url' in mongodb ? { MONGODB_URL: mongodb.url } : {}) };
  // It stops and starts Redis, which nobody may do to a server that a URL names.
  const own: Backend = hasRedisServer ? redis : { name: 'redis', missing: 'no redis-server on the PATH' };
  await add({ suite: 'walk over services', backend: labelOf(redis) }, own, () =>
    suite('walk', ['test/walks/services.test.ts'], services),
  );
  const embedded = await embeddedUrl(directory, keep);
  await add({ suite: 'differential, model', backend: 'embedded' }, undefined, () =>
    playDifferential([embedded], options, keep),
  );
  await add({ suite: 'differential, embedded', backend: labelOf(mongodb) }, mongodb, (url) =>
    playDifferential([url, embedded], options, keep),
  );
  return cells;
}

function labelOf(backend: Backend): string {
  return 'version' in backend ? `${backend.name} ${backend.version}` : backend.name;
}

async function differentialCell(urls: readonly string[], options: Options, directory: string): Promise<Cell> {
  const [left = await embeddedUrl(directory, keep), right] = urls;
  const sides: [string, string?] = right === undefined ? [left] : [left, right];
  const backend = urls.length === 0 ? 'embedded' : right === undefined ? 'one database' : 'two databases';
  const result = await playDifferential(sides, options, keep);
  const cell = { suite: right === undefined ? 'differential, model' : 'differential', backend, result };
  tell(cellLine(cell));
  return cell;
}

const options = readOptions(process.argv.slice(2), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n${usage}`);
  process.exitCode = 2;
} else {
  const interrupted = (): void => void closeAll().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    process.exitCode = await run(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await closeAll();
  }
}
