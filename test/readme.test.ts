/** README.md shows two tables that the code holds: they must say the same, cell by cell. */

import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from '../src/config/env.js';
import { errorCodes, meaningOf } from '../src/domain/errors.js';

type Row = readonly string[];

const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** The rows of the table whose first heading is this, without padding. */
function tableOf(heading: string): Row[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === heading);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return start < 0 ? [] : rest.slice(0, end < 0 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): Row {
  return line.startsWith('|')
    ? line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
    : [];
}

const byName = ([a = '']: Row, [b = '']: Row): number => (a < b ? -1 : 1);

describe('README.md', () => {
  it('O3 lists every variable with its default and meaning, and marks the secrets', () => {
    const expected = variables.map((variable) => [
      `\`${variable.name}\`${variable.secret ? ' 🔒' : ''}`,
      variable.default,
      variable.meaning,
    ]);
    expect(tableOf('variable').toSorted(byName)).to.deep.equal(expected.toSorted(byName));
  });

  it('O3 lists every error with its exit code, HTTP status, whether repeating helps, and its sentence', () => {
    const expected = errorCodes.map((code) => {
      const { exit, http, retry, sentence } = meaningOf(code);
      return [`\`${code}\``, String(exit), String(http), retry, sentence.replace('{detail}', '…')];
    });
    expect(tableOf('code').toSorted(byName)).to.deep.equal(expected.toSorted(byName));
  });

  it('O3 says what each exit code means', () => {
    const codes = new Set(errorCodes.map((code) => meaningOf(code).exit));
    const said = /Exit codes: (.*?)\.\n\n/s.exec(text)?.[1]?.replaceAll('\n', ' ') ?? '';
    for (const code of [0, ...codes]) expect(said).to.match(new RegExp(`(^|· )${code} [A-Za-z]`));
  });
});
