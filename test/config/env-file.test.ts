import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { addEnvFile } from '../../src/config/env-file.js';
import { GatewayError } from '../../src/domain/errors.js';
import { scratchDirectory } from '../support/scratch.js';

describe('config/env-file', () => {
  let file = '';
  beforeEach(() => (file = join(scratchDirectory(), '.env')));
  afterEach(() => rmSync(join(file, '..'), { recursive: true, force: true }));

  /** What is added to nothing, or the number of the line that is refused. */
  function read(text: string): Readonly<Record<string, string | undefined>> | number {
    writeFileSync(file, text);
    const env: Record<string, string | undefined> = {};
    try {
      addEnvFile(env, file);
      return env;
    } catch (error) {
      if (error instanceof GatewayError) return Number(/^Line (\d+) /.exec(error.message)?.[1]);
      throw error;
    }
  }

  it('O1 takes what people and editors write: comments, quotes, `export`, blanks, several lines, the ends of lines of Windows', () => {
    expect(read('')).to.deep.equal({});
    expect(read('\uFEFF# a note="1\r\n\r\nA=1\r\n  export B = "2" # two\r\nC=')).to.deep.equal({
      A: '1',
      B: '2',
      C: '',
    });
    expect(read(`A='one\n two'\nB=k1:ab+/==\nC=d="e\nF="g"`)).to.deep.equal({
      A: 'one\n two',
      B: 'k1:ab+/==',
      C: 'd="e',
      F: 'g',
    });
  });

  it('O1 refuses a line of another form by its number, wherever it stands', () => {
    expect(read('A 1\nB=2')).to.equal(1);
    expect(read('A="one\ntwo"\nB: 2\nC=3')).to.equal(3);
    expect(read('A=1\n=2')).to.equal(2);
    expect(read('A=1\nB')).to.equal(2);
    expect(read('A=1\nset B=2')).to.equal(2);
  });

  it('O1 changes nothing that is set, not even to nothing', () => {
    writeFileSync(file, 'A=1\nB=2');
    const env: Record<string, string | undefined> = { A: '' };
    addEnvFile(env, file);
    addEnvFile(env, `${file}-that-is-not-there`);
    expect(env).to.deep.equal({ A: '', B: '2' });
  });

  it('O1 V1 a secret that is set in one form stands against the other form in the file', () => {
    writeFileSync(file, 'A=1\nB_FILE=b\nC=3\nC_FILE=c');
    const env: Record<string, string | undefined> = { A_FILE: 'a', B: '2' };
    addEnvFile(env, file);
    expect(env).to.deep.equal({ A_FILE: 'a', B: '2', C: '3', C_FILE: 'c' });
  });
});
