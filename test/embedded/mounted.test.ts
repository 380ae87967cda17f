import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { scratchDirectory } from '../support/scratch.js';

/** Somebody who is neither root nor us. */
const nobody = 65_534;
const module = JSON.stringify(join(import.meta.dirname, '../../src/embedded/index.ts'));
const imports = `import { openEmbeddedStore } from ${module};`;
const opens = `
  const store = await openEmbeddedStore({ directory: process.argv[1] });
  await store.close();
`;

function runAsNobody(body: string, path = ''): { status: number | null; stderr: string } {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const args = ['--import', tsx, '--input-type=module', '-e', imports + body, path];
  return spawnSync(process.execPath, args, { uid: nobody, gid: nobody, encoding: 'utf8', env: {} });
}

describe('O1 the embedded store on a mounted volume', function () {
  this.timeout(30_000);
  let directory = '';
  beforeEach(function () {
    // Only root may give a directory away; and where nobody reaches this checkout or this Node, there is nothing to be seen.
    if (process.getuid?.() !== 0 || runAsNobody('').status !== 0) this.skip();
    directory = scratchDirectory();
    chmodSync(directory, 0o755);
  });
  afterEach(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  it('O1 opens in a directory that belongs to root and that its group may write, and leaves it as it is', () => {
    const volume = join(directory, 'volume');
    mkdirSync(volume);
    chownSync(volume, 0, nobody);
    chmodSync(volume, 0o2775);
    const { status, stderr } = runAsNobody(opens, volume);
    expect(status, stderr).to.equal(0);
    expect(statSync(volume).mode & 0o7777).to.equal(0o2775);
  });

  it('V1 closes a directory of its own that others may open', () => {
    const own = join(directory, 'own');
    mkdirSync(own);
    chownSync(own, nobody, nobody);
    chmodSync(own, 0o770);
    const { status, stderr } = runAsNobody(opens, own);
    expect(status, stderr).to.equal(0);
    expect(statSync(own).mode & 0o777).to.equal(0o700);
  });
});
