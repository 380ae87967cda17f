import { accumulatorNames } from './aggregate/accumulate.js';
import { stageNames } from './aggregate/pipeline.js';
import type { Command } from './commands/call.js';
import { commands, generalFields } from './commands/table.js';
import { codeNames } from './errors.js';
import { filterOperators } from './query/parse.js';
import { updateOperators } from './update/parse.js';

const manual = 'https://www.mongodb.com/docs/manual/reference/command/';

type Listed = Pick<Command, 'fields' | 'page' | 'statements'>;

/** What the store takes of MongoDB, as data for the README and for tests; everything else is refused. */
export const subset = {
  commands: Object.entries<Listed>({
    ...commands,
    explain: { fields: ['explain', 'verbosity'], page: 'explain' },
  })
    .map(([name, { fields, page, statements }]) => ({
      name,
      fields: fields.filter((field) => field !== name),
      statementFields: statements?.fields ?? [],
      manual: `${manual}${page}/`,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  generalFields,
  filterOperators,
  updateOperators,
  /** Inside `$push`; `$addToSet` takes `$each`. */
  pushModifiers: ['$each', '$slice', '$sort'],
  positional: ['$', '$[]', '$[identifier]'],
  stages: stageNames,
  accumulators: accumulatorNames,
  indexes: ['single', 'compound', 'multikey', 'unique', 'sparse', 'partial (equality, $exists: true)', 'TTL'],
  codes: codeNames,
} as const;
