import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { scratchDirectory } from '../support/scratch.js';
import { answerOf, expectRefused } from './endings.js';
import { killPrograms, spawned, type Env, type Program } from './process.js';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const tsx = createRequire(import.meta.url).resolve('tsx');

const enough = [
  'TELEGRAM_API_ID=1234567',
  'TELEGRAM_API_HASH="0123456789abcdef0123456789abcdef"',
  '# @BotFather',
  'export SERVICE_BOT_TOKEN=123456789:AAExampleExampleExampleExampleExample',
  'DATA_DIR=from-the-file',
];

describe('.env in the working directory', function () {
  this.timeout(60_000);
  let directory = '';
  beforeEach(() => (directory = scratchDirectory()));
  afterEach(async () => {
    await killPrograms();
    rmSync(directory, { recursive: true, force: true });
  });

  const write = (...lines: string[]) => writeFileSync(join(directory, '.env'), `${lines.join('\n')}\n`);

  /** What npm runs for one of our scripts, in a directory of its own. */
  function run(script: string, args: readonly string[] = [], env: Env = {}): Program {
    const [, ...words] = (scripts[script] ?? '').split(' ');
    const there = words.map((word) =>
      word === 'tsx' ? tsx : word.endsWith('.ts') ? join(root, word) : word,
    );
    return spawned(process.execPath, [...there, ...args], env, directory);
  }

  it('O1 gives a command its variables, and one that is set wins', async () => {
    write(...enough);
    expect(answerOf(await run('gateway', ['connections']).ended)).to.deep.equal({ connections: [] });
    expect(readdirSync(directory)).to.have.members(['.env', 'from-the-file']);
    const set = { DATA_DIR: join(directory, 'set') };
    expect(answerOf(await run('gateway', ['connections'], set).ended)).to.deep.equal({ connections: [] });
    expect(readdirSync(directory)).to.include('set');
  });

  it('O1 gives `npm start` and `npm run store` theirs, too', async () => {
    write(...enough, 'LOG_LEVEL=loud');
    expectRefused(await run('start').ended, { code: 2, sentence: /^LOG_LEVEL must be error, warn, / });
    const store = ['--listen', '127.0.0.1:0', '--data', join(directory, 'data')];
    expectRefused(await run('store', store).ended, { code: 2, sentence: /^LOG_LEVEL must be error, warn, / });
  });

  it('V1 a line that is none, or a file that cannot be read, is one sentence without what stands there, and 2', async () => {
    write('TELEGRAM_API_ID=1234567', 'NOTE="two', 'lines"', 'SECRET_KEYS k1:c2VjcmV0', 'LOG_LEVEL=info');
    for (const script of ['start', 'gateway']) {
      const ended = await run(script, script === 'gateway' ? ['doctor'] : []).ended;
      expectRefused(ended, {
        code: 2,
        sentence: /^Line 4 of the file \.env cannot be read; write NAME=value, for example /,
      });
      expect(ended.stderr).not.to.include('c2VjcmV0');
    }
    rmSync(join(directory, '.env'));
    mkdirSync(join(directory, '.env'));
    const sentence = /^The file \.env cannot be read \(EISDIR\); make it a file that this user may read, /;
    expectRefused(await run('start').ended, { code: 2, sentence });
  });

  it('O1 does not reach the programs as tests, sandbox and benchmarks run them', async () => {
    write(...enough);
    for (const file of ['src/main.ts', 'src/cli.ts']) {
      const args = ['--import', tsx, join(root, file), ...(file.includes('cli') ? ['connections'] : [])];
      const sentence = /^TELEGRAM_API_ID is required /;
      expectRefused(await spawned(process.execPath, args, {}, directory).ended, { code: 2, sentence });
    }
  });
});
