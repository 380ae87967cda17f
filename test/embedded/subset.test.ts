import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subset } from '../../src/embedded/subset.js';
import { aggregateCases } from '../contract/store/cases/aggregates.js';
import { codeCases, elsewhere } from '../contract/store/cases/codes.js';
import { filterCases } from '../contract/store/cases/filters.js';
import { indexRows } from '../contract/store/cases/indexes.js';
import { updateCases } from '../contract/store/cases/updates.js';
import { upsertCases } from '../contract/store/cases/upserts.js';
import { Place } from './place.js';
import { tables } from './subset-text.js';

const root = join(import.meta.dirname, '../..');

describe('O1 the subset as data', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  it('mistake 5: every command refuses a field that its table does not list', async () => {
    const db = (await place.connect((await place.open()).url)).db('admin');
    for (const { name } of subset.commands) {
      if (name === 'hello') continue;
      const refusal: unknown = await db
        .command({ [name]: 'rows', xyzzy: 1 })
        .catch((error: unknown) => error);
      expect(refusal, name).to.include({ code: 9 });
    }
  });

  it('mistake 5: every statement of a bulk refuses a field that its table does not list', async () => {
    const db = (await place.connect((await place.open()).url)).db('a');
    for (const [name, list] of [
      ['update', 'updates'],
      ['delete', 'deletes'],
      ['createIndexes', 'indexes'],
    ] as const) {
      const fields = subset.commands.find((command) => command.name === name)?.statementFields ?? [];
      const statement = Object.fromEntries(fields.slice(0, 2).map((field) => [field, {}]));
      const command = { [name]: 'rows', [list]: [{ ...statement, xyzzy: 1 }] };
      const refusal: unknown = await db.command(command).catch((error: unknown) => error);
      expect(refusal, name).to.include({ code: 9 });
    }
  });

  it('O1 every operator, stage and accumulator of the table is known to the store', async () => {
    const db = (await place.connect((await place.open()).url)).db('a');
    const codes = async (command: object): Promise<number> =>
      db.command(command).then(
        (answer) => (answer['writeErrors'] as { code: number }[] | undefined)?.[0]?.code ?? 0,
        (error: unknown) => (error as { code: number }).code,
      );
    for (const { name } of subset.updateOperators)
      expect(
        await codes({ update: 'rows', updates: [{ q: {}, u: { [name]: { a: 'b' } } }] }),
        name,
      ).to.be.oneOf([0, 14]);
    for (const { name } of subset.stages)
      expect(await codes({ aggregate: 'rows', pipeline: [{ [name]: 'x' }], cursor: {} }), name).to.not.equal(
        9,
      );
    for (const { name } of subset.accumulators) {
      const pipeline = [{ $group: { _id: null, x: { [name]: '$a' } } }];
      expect(await codes({ aggregate: 'rows', pipeline, cursor: {} }), name).to.equal(0);
    }
  });

  it('O1 every row of the table has cases in the contract suite', () => {
    const covered = new Set(
      [...filterCases, ...updateCases, ...upsertCases, ...aggregateCases, ...indexRows].flatMap(
        ({ rows }) => rows,
      ),
    );
    const rows = [
      subset.filterOperators,
      subset.updateOperators,
      subset.pushModifiers,
      subset.positional,
      subset.stages,
      subset.accumulators,
      subset.indexes,
      subset.rules,
    ].flat();
    for (const { file, title } of indexRows)
      expect(readFileSync(join(root, 'test/contract/store', file), 'utf8'), file).to.include(title);
    expect(rows.map(({ name }) => name).filter((name) => !covered.has(name))).to.deep.equal([]);
  });

  it('O1 every code that the store throws stands in the table and is brought about by a case or a named test', () => {
    const listed = subset.codes.map(({ code }) => code);
    expect(thrownCodes().filter((code) => !listed.includes(code))).to.deep.equal([]);
    expect(
      listed.filter((code) => !thrownCodes().includes(code)),
      'nobody throws it',
    ).to.deep.equal([]);
    const cases = new Set(codeCases.map(({ code }) => code));
    for (const code of listed.filter((one) => !cases.has(one))) {
      const file = elsewhere[code] ?? '';
      expect(file, `no case for ${code}`).to.not.equal('');
      expect(readFileSync(join(root, file), 'utf8'), `${file} for ${code}`).to.match(
        new RegExp(`\\b${code}\\b`),
      );
    }
  });

  it('O1 src/embedded/README.md shows the table, cell by cell', () => {
    const text = readFileSync(join(root, 'src/embedded/README.md'), 'utf8');
    for (const { title, head, rows } of tables) {
      const [, section = ''] = text.split(`## ${title}\n`);
      const [lines = ''] = section.split('\n## ');
      const cells = lines
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) =>
          line
            .slice(1, -1)
            .split('|')
            .map((cell) => cell.trim()),
        );
      expect(
        cells.filter((_, i) => i !== 1),
        title,
      ).to.deep.equal([[...head], ...rows]);
    }
    for (const name of [...subset.generalFields, ...subset.indexSpecFields])
      expect(text).to.include(`\`${name}\``);
  });
});

/** The codes at the head of every `CommandError` in the source, both where a condition chooses. */
function thrownCodes(): number[] {
  const folder = join(root, 'src/embedded');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const heads = texts.flatMap((text) =>
    [...text.matchAll(/new CommandError\(\s*([^,]+),/g)].map(([, head = '']) => head),
  );
  return [
    ...new Set(heads.flatMap((head) => [...head.matchAll(/\b\d+\b/g)].map(([digits]) => Number(digits)))),
  ];
}
