import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ensureKeyFile, requireKeyFile } from '../../src/config/key-file.js';
import { parseKeys } from '../../src/config/secret-keys.js';
import { GatewayError } from '../../src/domain/errors.js';
import { createKeyRing } from '../../src/runtime/keyring.js';

describe('config/key-file', () => {
  let directory = '';
  let dataDir = '';
  let file = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'understudy-key-'));
    dataDir = join(directory, 'data');
    file = join(dataDir, 'key');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function refusal(ask = ensureKeyFile): string {
    try {
      ask(dataDir);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'CONFIG_INVALID') return error.message;
      throw error;
    }
    throw new Error('it was accepted');
  }

  it('V1 the first start makes a key that only its user may read, later ones use it', () => {
    const made = ensureKeyFile(dataDir);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(dataDir).mode & 0o777).to.equal(0o700);
    expect(readdirSync(dataDir)).to.deep.equal(['key']);
    const read = ensureKeyFile(dataDir);
    const sealed = createKeyRing(made).seal(Buffer.from('session'), 'c7');
    expect(Buffer.from(createKeyRing(read).open(sealed, 'c7')).toString()).to.equal('session');
  });

  it('V1 its text can be moved to SECRET_KEYS as it is', () => {
    const [made] = ensureKeyFile(dataDir);
    const [moved] = parseKeys(readFileSync(file, 'utf8').trim()) ?? [];
    expect(moved?.kid).to.equal(made?.kid);
    expect(Buffer.from(moved?.bytes ?? [])).to.deep.equal(Buffer.from(made?.bytes ?? []));
  });

  it('V1 a key file that others may read is refused with the command that closes it', () => {
    ensureKeyFile(dataDir);
    chmodSync(file, 0o640);
    expect(refusal()).to.equal(
      `The key file ${file} can be read by other users; close it, for example with: chmod 600 ${file}.`,
    );
  });

  it('V1 a damaged key file is refused and never replaced', () => {
    ensureKeyFile(dataDir);
    writeFileSync(file, 'k:nothing');
    expect(refusal()).to.match(/does not hold a key; put its backup back/);
    expect(readFileSync(file, 'utf8')).to.equal('k:nothing');
  });

  it('O4 where one that is there is required, none is made, and the way to put it there is told', () => {
    expect(refusal(requireKeyFile)).to.equal(
      `There is no key file ${file}, and a new key would open no archive; put the one of the former installation there, for example with: install -d -m 700 ${dataDir} && cp FORMER/key ${file}, or give SECRET_KEYS.`,
    );
    expect(existsSync(dataDir)).to.equal(false);
    const [made] = ensureKeyFile(dataDir);
    expect(requireKeyFile(dataDir)[0]?.kid).to.equal(made?.kid);
    chmodSync(file, 0o640);
    expect(refusal(requireKeyFile)).to.match(/can be read by other users/);
  });

  it('O1 a data directory that cannot be made is refused with the way out', () => {
    writeFileSync(dataDir, 'a file');
    expect(refusal()).to.match(/can be neither read nor made \(E\w+\); make DATA_DIR writable/);
  });
});
