/** Reads the source of the repositories: what they ask of MongoDB must stand in the embedded store's table, also where no test runs. */

import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { subset } from '../../src/embedded/subset.js';

const folder = join(import.meta.dirname, '../../src/mongo');

/** The driver's methods that send something: the command, and the field that each option becomes. */
const methods: Readonly<Record<string, { command: string; options?: Readonly<Record<string, string>> }>> = {
  findOne: { command: 'find', options: { sort: 'sort', projection: 'projection' } },
  find: { command: 'find', options: { sort: 'sort', projection: 'projection', batchSize: 'batchSize' } },
  sort: { command: 'find' },
  limit: { command: 'find' },
  skip: { command: 'find' },
  project: { command: 'find' },
  batchSize: { command: 'find' },
  toArray: { command: 'getMore' },
  countDocuments: { command: 'aggregate' },
  estimatedDocumentCount: { command: 'count' },
  distinct: { command: 'distinct' },
  aggregate: { command: 'aggregate' },
  insertOne: { command: 'insert' },
  insertMany: { command: 'insert', options: { ordered: 'ordered' } },
  updateOne: { command: 'update', options: { upsert: 'upsert', arrayFilters: 'arrayFilters' } },
  updateMany: { command: 'update', options: { upsert: 'upsert', arrayFilters: 'arrayFilters' } },
  replaceOne: { command: 'update', options: { upsert: 'upsert' } },
  deleteOne: { command: 'delete' },
  deleteMany: { command: 'delete' },
  bulkWrite: { command: 'update', options: { ordered: 'ordered' } },
  findOneAndUpdate: {
    command: 'findAndModify',
    options: {
      upsert: 'upsert',
      returnDocument: 'new',
      sort: 'sort',
      projection: 'fields',
      arrayFilters: 'arrayFilters',
    },
  },
  createIndex: {
    command: 'createIndexes',
    options: Object.fromEntries(subset.indexSpecFields.map((name) => [name, name])),
  },
  createIndexes: { command: 'createIndexes', options: { commitQuorum: 'commitQuorum' } },
  listIndexes: { command: 'listIndexes' },
  indexes: { command: 'listIndexes' },
  dropIndex: { command: 'dropIndexes' },
  listCollections: { command: 'listCollections', options: { nameOnly: 'nameOnly' } },
  explain: { command: 'explain' },
  drop: { command: 'drop' },
  dropDatabase: { command: 'dropDatabase' },
};

/** Options of every method: the general field that each becomes, or none where only the driver reads it. */
const general: Readonly<Record<string, string | undefined>> = {
  session: 'lsid',
  readConcern: 'readConcern',
  writeConcern: 'writeConcern',
  maxTimeMS: 'maxTimeMS',
  comment: 'comment',
  raw: undefined,
};

/** Where a method takes its options, if not as the second argument. */
const optionsAt: Readonly<Record<string, number>> = {
  updateOne: 2,
  updateMany: 2,
  replaceOne: 2,
  findOneAndUpdate: 2,
  distinct: 2,
};

/** Methods and functions of the driver that send no command of their own. */
const silent = [
  'collection',
  'db',
  'admin',
  'startSession',
  'endSession',
  'connect',
  'close',
  'toString',
  'getWriteConcernError',
  'next',
  'hasNext',
  'on',
  'off',
  'toHexString',
];

const operators = new Set(
  [subset.filterOperators, subset.updateOperators, subset.pushModifiers, subset.stages, subset.accumulators]
    .flat()
    .map(({ name }) => name),
);

interface Found {
  readonly file: string;
  readonly what: string;
}

describe('O1 the repositories stay inside the subset', () => {
  let program: ts.Program;
  before(() => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const { config } = ts.readConfigFile(join(folder, '../../tsconfig.json'), (path) =>
      ts.sys.readFile(path),
    ) as { config: { compilerOptions: unknown } };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(folder, '../..'));
    const { tsBuildInfoFile, incremental, ...rest } = options;
    program = ts.createProgram(
      files.map((file) => join(folder, file)),
      rest,
    );
  });

  function sources(): ts.SourceFile[] {
    return program.getSourceFiles().filter((file) => file.fileName.startsWith(folder));
  }

  it('O1 every operator that they write stands in the table, and no variable of pipelines', () => {
    const found = sources().flatMap((file) => dollars(file));
    expect(found.length).to.be.greaterThan(50);
    const outside = found.filter(({ what }) => !operators.has(what));
    expect(outside).to.deep.equal([]);
  });

  it('O1 every method of the driver that they call sends a command of the table, every option a field of it', () => {
    const checker = program.getTypeChecker();
    const calls = sources().flatMap((file) => driverCalls(file, checker));
    expect(calls.length).to.be.greaterThan(50);
    const fieldsOf = (name: string): readonly string[] => {
      const command = subset.commands.find((one) => one.name === name);
      return [...(command?.fields ?? []), ...(command?.statementFields ?? [])];
    };
    const outside = calls.flatMap(({ file, method, options }): Found[] => {
      if (silent.includes(method)) return [];
      if (method === 'command') {
        const [name = 'what is no literal', ...fields] = options;
        const allowed = [...fieldsOf(name), ...subset.generalFields];
        const isListed = subset.commands.some((command) => command.name === name);
        return isListed && fields.every((field) => allowed.includes(field))
          ? []
          : [{ file, what: options.join(' ') }];
      }
      const known = methods[method];
      if (!known || !subset.commands.some(({ name }) => name === known.command))
        return [{ file, what: method }];
      return options
        .filter(
          (option) => !isGeneral(option) && !fieldsOf(known.command).includes(known.options?.[option] ?? ''),
        )
        .map((option) => ({ file, what: `${method} with ${option}` }));
    });
    expect(outside).to.deep.equal([]);
  });
}).timeout(60_000);

/** Names that begin with `$`, and texts that begin with `$$`, the pipelines' variables. */
function dollars(file: ts.SourceFile): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const isName =
      (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
      !ts.isComputedPropertyName(node.name);
    const name = isName
      ? (node.name as ts.Identifier | ts.StringLiteral).text
      : ts.isStringLiteralLike(node)
        ? node.text
        : '';
    if (isName ? name.startsWith('$') : name.startsWith('$$'))
      found.push({ file: basename(file.fileName), what: name });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isGeneral(option: string): boolean {
  const field = general[option];
  return option in general && (field === undefined || subset.generalFields.includes(field));
}

interface Call {
  readonly file: string;
  readonly method: string;
  readonly options: readonly string[];
}

/** Calls of methods that the driver declares, with the names of the options in an object literal. */
function driverCalls(file: ts.SourceFile, checker: ts.TypeChecker): Call[] {
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const declared = checker.getResolvedSignature(node)?.declaration?.getSourceFile().fileName ?? '';
      if (declared.includes('/node_modules/mongodb/'))
        calls.push({
          file: basename(file.fileName),
          method: node.expression.name.text,
          options: optionsOf(node, node.expression.name.text),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

/** Of a command all its fields, else what stands in the place of the options. */
function optionsOf(node: ts.CallExpression, method: string): string[] {
  const place = method === 'command' ? 0 : (optionsAt[method] ?? 1);
  const argument = node.arguments[place];
  return argument ? namesIn(argument) : [];
}

function namesIn(argument: ts.Expression): string[] {
  if (!ts.isObjectLiteralExpression(argument)) return [];
  return argument.properties.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));
}
