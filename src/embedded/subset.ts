import { accumulatorNames } from './aggregate/accumulate.js';
import { stageNames } from './aggregate/pipeline.js';
import type { Command } from './commands/call.js';
import { generalFields } from './commands/general.js';
import { commands } from './commands/table.js';
import { codeNames, locationCodes } from './errors.js';
import { filterOperators } from './query/parse.js';
import { indexSpecFields } from './storage/index-spec.js';
import { updateOperators } from './update/parse.js';

const manual = 'https://www.mongodb.com/docs/manual/';

type Listed = Pick<Command, 'fields' | 'page' | 'statements'>;

/** One row of the table: what the store takes, and the page of MongoDB's manual that defines it. */
export interface SubsetRow {
  readonly name: string;
  readonly manual: string;
}

function operatorPages(section: string, names: readonly string[]): SubsetRow[] {
  return names.map((name) => ({
    name,
    manual: `${manual}reference/operator/${section}/${name.slice(1)}/`,
  }));
}

/** What the store takes of MongoDB, as data for README.md and for tests; everything else is refused. */
export const subset = {
  commands: Object.entries<Listed>({
    ...commands,
    explain: { fields: ['explain', 'verbosity'], page: 'explain' },
  })
    .map(([name, { fields, page, statements }]) => ({
      name,
      fields: fields.filter((field) => field !== name),
      statementFields: statements?.fields ?? [],
      manual: `${manual}reference/command/${page}/`,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  generalFields,
  filterOperators: operatorPages('query', filterOperators),
  updateOperators: operatorPages('update', updateOperators),
  /** Inside `$push`; `$addToSet` takes `$each`. */
  pushModifiers: operatorPages('update', ['$each', '$slice', '$sort']),
  positional: [
    { name: '$', manual: `${manual}reference/operator/update/positional/` },
    { name: '$[]', manual: `${manual}reference/operator/update/positional-all/` },
    { name: '$[identifier]', manual: `${manual}reference/operator/update/positional-filtered/` },
  ],
  stages: operatorPages('aggregation', stageNames),
  accumulators: operatorPages('aggregation', accumulatorNames),
  indexSpecFields,
  indexes: [
    { name: 'single', manual: `${manual}core/indexes/index-types/index-single/` },
    { name: 'compound', manual: `${manual}core/indexes/index-types/index-compound/` },
    { name: 'multikey', manual: `${manual}core/indexes/index-types/index-multikey/` },
    { name: 'unique', manual: `${manual}core/index-unique/` },
    { name: 'sparse', manual: `${manual}core/index-sparse/` },
    { name: 'partial (equality, $exists: true)', manual: `${manual}core/index-partial/` },
    { name: 'TTL', manual: `${manual}core/index-ttl/` },
  ],
  /** What several rows share. */
  rules: [
    { name: 'null and missing', manual: `${manual}tutorial/query-for-null-fields/` },
    { name: 'arrays', manual: `${manual}tutorial/query-arrays/` },
    { name: 'dotted paths through arrays', manual: `${manual}tutorial/query-array-of-documents/` },
    { name: 'type bracketing', manual: `${manual}reference/method/db.collection.find/` },
    { name: 'order across types', manual: `${manual}reference/bson-type-comparison-order/` },
    { name: 'projection', manual: `${manual}tutorial/project-fields-from-query-results/` },
    { name: 'upsert', manual: `${manual}reference/method/db.collection.updateOne/` },
    { name: 'conflicting paths', manual: `${manual}reference/operator/update/` },
    { name: 'immutable _id', manual: `${manual}core/document/` },
    { name: 'ordered and unordered bulks', manual: `${manual}core/bulk-write-operations/` },
    { name: 'cursors', manual: `${manual}tutorial/iterate-a-cursor/` },
    { name: 'retryable writes', manual: `${manual}core/retryable-writes/` },
  ],
  codes: [
    ...Object.entries(codeNames).map(([code, name]) => ({
      code: Number(code),
      name,
      manual: `${manual}reference/error-codes/`,
    })),
    // The manual lists no locations; they stand in the server's source alone.
    ...Object.entries(locationCodes).map(([code, said]) => ({
      code: Number(code),
      name: `Location${code}: ${said}`,
      manual: '',
    })),
  ].toSorted((a, b) => a.code - b.code),
} as const;
