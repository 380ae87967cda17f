/**
 * The tables of src/embedded/README.md, as rows of cells. `node --import tsx test/embedded/subset-text.ts` prints the file:
 * put it there and let prettier pad it.
 */

import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { subset, type SubsetRow } from '../../src/embedded/subset.js';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');
const page = (url: string): string =>
  url === '' ? '–' : `[${url.replace(/^.*\/manual\//, '').replace(/\/$/, '')}](${url})`;
const simple = (title: string, rows: readonly SubsetRow[], isCode = true): Table => ({
  title,
  head: [title, 'manual'],
  rows: rows.map(({ name, manual }) => [isCode ? `\`${name}\`` : name, page(manual)]),
});

export const tables: readonly Table[] = [
  {
    title: 'Commands',
    head: ['command', 'fields', 'fields of its statements', 'manual'],
    rows: subset.commands.map(({ name, fields, statementFields, manual }) => [
      `\`${name}\``,
      code(fields.filter((field) => field !== '*')) +
        (fields.includes('*') ? 'any: what a client says about itself changes nothing' : ''),
      code(statementFields),
      page(manual),
    ]),
  },
  simple('Filter operators', subset.filterOperators),
  simple('Update operators', subset.updateOperators),
  simple('Modifiers of $push', subset.pushModifiers),
  simple('Positions in update paths', subset.positional),
  simple('Pipeline stages', subset.stages),
  simple('Accumulators of $group', subset.accumulators),
  simple('Indexes', subset.indexes, false),
  simple('Rules that several share', subset.rules, false),
  {
    title: 'Codes',
    head: ['code', 'name', 'manual'],
    rows: subset.codes.map((row) => [String(row.code), row.name, page(row.manual)]),
  },
];

const opening = `# The embedded store: what it takes of MongoDB

A small MongoDB server over LMDB: the official driver connects to it unmodified, so the repositories in \`src/mongo\` are written
once. It speaks exactly what stands in these tables and refuses everything else: an unknown command with code 59, an unknown field,
operator, stage or option with code 9 (a filter operator that MongoDB itself does not know with 2), never ignoring one. Each row names
the page of MongoDB's manual that defines it; \`test/contract/store/cases/\` holds cases for each row, taken from that page's rules.

Also refused: a value that this store does not keep to (a stronger read or write concern, a time limit of a write, an index version
other than 2), regular expressions as conditions, decimals, and a place in an array (\`a.0\`) as a key of an index or of a sort.

A full store (STORE_FULL) takes no new document and no index, also not by an upsert: code 14031. Documents that are there may still grow
into a reserve of 2 per cent above the cap, and what frees bytes is always taken: so leases and claims are held, and rows end.

No MongoDB was at hand where this was written. The equality is proven by anyone who has one:
\`npm run test:services -- --differential mongodb://… mongodb://…\`.

The tables are made of \`subset.ts\`, which reads the store's own tables; \`test/embedded/subset.test.ts\` compares.

Every command also takes ${code(subset.generalFields)}, because drivers send them. An index description takes ${code(subset.indexSpecFields)}.
`;

function markdown(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const parts = tables.map(({ title, head, rows }) =>
    [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n'),
  );
  return [opening, ...parts].join('\n');
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(markdown());
