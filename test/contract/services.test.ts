import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from '../../scripts/services/options.js';
import {
  failureLines,
  hasFailed,
  summaryLine,
  verdictLines,
  type Cell,
} from '../../scripts/services/matrix.js';
import { hasRedisServer } from '../support/redis-server.js';

const root = join(import.meta.dirname, '../..');

describe('npm run test:services', () => {
  let child: ChildProcess | undefined;

  afterEach(() => {
    child?.kill('SIGKILL');
    child = undefined;
  });

  function start(
    env: Record<string, string>,
    args: string[] = [],
  ): { child: ChildProcess; text: () => string } {
    const started = spawn(process.execPath, ['--import', 'tsx', 'scripts/services/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, MONGODB_URL: '', REDIS_URL: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let text = '';
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child: started, text: () => text };
  }

  it('O1 refuses names in REQUIRE_REAL that are no service, and words it does not know, with the way out', () => {
    expect(readOptions([], { REQUIRE_REAL: 'redis,postgres' })).to.match(/'postgres'.*redis and mongodb/);
    expect(readOptions(['--round', '3'], {})).to.be.a('string');
    expect(readOptions(['--rounds', '0'], {})).to.match(/whole numbers above 0/);
    expect(readOptions(['mongodb://a'], {})).to.match(/--differential/);
    expect(readOptions(['--differential', 'a', 'b', 'c'], {})).to.match(/two URLs/);
    expect(readOptions([], { REQUIRE_REAL: ' redis, mongodb ' })).to.deep.include({
      required: ['redis', 'mongodb'],
    });
  });

  it('O1 fails with one sentence when a required server is missing', async () => {
    const { child: run, text } = start({ REQUIRE_REAL: 'mongodb', PATH: '/nonexistent' });
    const [code] = (await once(run, 'exit')) as [number];
    expect(code).to.equal(1);
    expect(text()).to.equal(
      'REQUIRE_REAL asks for a real mongodb, but it cannot be run: no mongod on the PATH, MONGODB_URL not set.\n',
    );
  });

  it('O1 fails with one sentence, without the password, when a server that a URL names does not answer', async () => {
    const { child: run, text } = start({ REDIS_URL: 'redis://:hunter2@127.0.0.1:1' });
    const [code] = (await once(run, 'exit')) as [number];
    expect(code).to.equal(1);
    expect(text())
      .to.match(/^The server that REDIS_URL names does not answer \(.*\)\.\n$/)
      .and.not.include('hunter2');
  });

  it('O4 Ctrl-C ends everything that it started', async function () {
    if (!hasRedisServer) this.skip();
    const { child: run } = start({});
    const started = await untilDeep(run.pid ?? 0);
    const gone = once(run, 'exit');
    run.kill('SIGINT');
    expect((await gone)[0]).to.equal(130);
    const left = await untilGone(started);
    expect(left).to.deep.equal([]);
  }).timeout(60_000);

  it('O1 prints what ran and what did not, in one line, and a verdict', () => {
    const cells: Cell[] = [
      { suite: 'store contract', backend: 'embedded', result: outcome(60) },
      { suite: 'store contract', backend: 'mongodb', result: { missing: 'no mongod on the PATH' } },
      { suite: 'differential', backend: 'embedded', result: outcome(6, ['seed 3']) },
    ];
    expect(summaryLine(cells)).to.equal(
      'embedded: 66 passed, 1 failed · mongodb: not run (no mongod on the PATH)',
    );
    expect(verdictLines(cells)).to.deep.equal([
      '  66 passing',
      '  1 failing',
      'Verdict: 1 failed; not run: store contract on mongodb.',
    ]);
    expect(failureLines(cells)).to.deep.equal(['✗ differential on embedded: seed 3\n    because\n']);
    expect([hasFailed(cells), hasFailed(cells.slice(0, 2))]).to.deep.equal([true, false]);
  });
}).timeout(60_000);

function outcome(passed: number, failed: string[] = []) {
  return { passed, leftOut: 0, failures: failed.map((title) => ({ title, why: 'because' })) };
}

/** The processes below one, once there are a Redis and a mocha run among them. */
async function untilDeep(pid: number): Promise<number[]> {
  const end = Date.now() + 40_000;
  for (;;) {
    const below = descendants(pid);
    const lines = below.map(commandOf);
    if (
      lines.some((line) => line.includes('redis-server')) &&
      lines.some((line) => line.includes('mocha.js'))
    )
      return below;
    if (Date.now() > end) throw new Error(`no Redis and no mocha run: ${lines.join(' | ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilGone(pids: number[]): Promise<number[]> {
  const end = Date.now() + 10_000;
  for (;;) {
    const left = pids.filter((pid) => commandOf(pid) !== '');
    if (left.length === 0 || Date.now() > end) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const below = (one: number): number[] =>
    parents.filter(({ parent }) => parent === one).flatMap((found) => [found.pid, ...below(found.pid)]);
  return below(pid);
}

function parentOf(pid: string): number | undefined {
  const [, parent] = /\) \S (\d+) /.exec(read(`/proc/${pid}/stat`)) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** Empty for a process that is gone, or dead and not yet reaped. */
function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
