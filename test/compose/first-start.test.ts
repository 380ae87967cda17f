import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKeys } from '../../src/config/secret-keys.js';
import { scratchDirectory } from '../support/scratch.js';
import { fileBlocksOfThePages } from './pages.js';

describe('What docs/operations.md has people copy and paste', () => {
  let directory = '';
  beforeEach(function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip();
    directory = scratchDirectory();
  });
  afterEach(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  const blocks = fileBlocksOfThePages();
  const blockWith = (text: string) => blocks.find((block) => block.includes(text)) ?? 'false';
  const firstStart = blockWith('openssl');
  const fromEmbedded = blockWith('sessions/key');
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');

  function paste(...pasted: string[]): void {
    for (const block of pasted) {
      const { status, stderr } = spawnSync('sh', ['-e', '-c', block], { cwd: directory, encoding: 'utf8' });
      expect(status, `${block}\n${stderr}`).to.equal(0);
    }
  }

  it('O1 the first start makes the secrets once: pasted again, it leaves them and .env as they are', () => {
    writeFileSync(join(directory, '.env'), 'LOG_LEVEL=debug');
    paste(firstStart);
    const names = readdirSync(join(directory, 'secrets'));
    expect(names).to.have.members(['api_hash', 'service_bot_token', 'secret_keys']);
    expect(parseKeys(read('secrets/secret_keys'))).to.have.lengthOf(1);
    expect(read('.env').split('\n')).to.include.members(['LOG_LEVEL=debug', 'TELEGRAM_API_ID=1234567']);
    writeFileSync(join(directory, 'secrets/service_bot_token'), '1:mine');
    const made = [...names.map((name) => `secrets/${name}`), '.env'];
    const before = made.map(read);
    paste(firstStart);
    expect(made.map(read)).to.deep.equal(before);
  });

  it('O1 V1 the way from an embedded installation takes its key along, also pasted twice and beside the first start', () => {
    mkdirSync(join(directory, 'sessions'));
    const key = `file-1:${Buffer.alloc(32, 7).toString('base64')}\n`;
    writeFileSync(join(directory, 'sessions/key'), key);
    paste(fromEmbedded, firstStart, fromEmbedded, firstStart);
    expect(read('secrets/secret_keys')).to.equal(key);
  });
});
