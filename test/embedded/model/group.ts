import { Double, Int32 } from 'mongodb';
import { checkFilter } from './check.js';
import { total } from './arithmetic.js';
import { modelMatches } from './match.js';
import { modelSort } from './sort.js';
import { modelProject } from './project.js';
import { isFields, isNumber, order, textIn, type Fields, type Plain } from './value.js';

/** The stages of a pipeline, one after the other over arrays. */
export function modelAggregate(rows: Fields[], pipeline: readonly Fields[]): Fields[] {
  return pipeline.reduce(stage, rows);
}

function stage(rows: Fields[], spec: Fields): Fields[] {
  const [[name, argument] = ['', null]] = Object.entries(spec);
  const fields = isFields(argument) ? argument : {};
  switch (name) {
    case '$match':
      checkFilter(fields);
      return rows.filter((row) => modelMatches(fields, row));
    case '$sort':
      return modelSort(rows, fields);
    case '$skip':
      return rows.slice(Number(argument));
    case '$limit':
      return rows.slice(0, Number(argument));
    case '$project':
      return rows.map((row) => modelProject(row, fields));
    case '$count':
      return rows.length === 0 ? [] : [{ [textIn(argument)]: new Int32(rows.length) }];
    case '$group':
      return group(rows, fields);
    default:
      throw new Error(`the model does not know ${name}`);
  }
}

function group(rows: Fields[], { _id: by = null, ...sums }: Fields): Fields[] {
  const groups: { id: Plain | undefined; rows: Fields[] }[] = [];
  for (const row of rows) {
    const id = valueOf(by, row);
    const found = groups.find((one) => order(one.id, id) === 0);
    if (found) found.rows.push(row);
    else groups.push({ id, rows: [row] });
  }
  return groups.map(({ id, rows: members }) => ({
    _id: id ?? null,
    ...Object.fromEntries(
      Object.entries(sums).map(([name, sum]) => [name, accumulated(sum as Fields, members)]),
    ),
  }));
}

function accumulated(sum: Fields, rows: Fields[]): Plain {
  const [[name, expression] = ['', null]] = Object.entries(sum);
  const values = rows.map((row) => valueOf(expression, row));
  const present = values.filter((value): value is Plain => value !== undefined && value !== null);
  switch (name) {
    case '$sum':
      return total(values);
    case '$avg': {
      const count = values.filter(isNumber).length;
      return count === 0 ? null : new Double(Number(total(values)) / count);
    }
    case '$min':
      return present.reduce<Plain>((best, one) => (best === null || order(one, best) < 0 ? one : best), null);
    case '$max':
      return present.reduce<Plain>((best, one) => (best === null || order(one, best) > 0 ? one : best), null);
    case '$first':
      return values[0] ?? null;
    case '$last':
      return values.at(-1) ?? null;
    default:
      throw new Error(`the model does not know ${name}`);
  }
}

/** `'$a.b'`, a constant, or a document of these. */
function valueOf(expression: Plain, row: Fields): Plain | undefined {
  if (typeof expression === 'string' && expression.startsWith('$'))
    return at(row, expression.slice(1).split('.'));
  if (!isFields(expression)) return expression;
  const parts = Object.entries(expression).map(([name, part]) => [name, valueOf(part, row)] as const);
  return Object.fromEntries(parts.filter((part): part is [string, Plain] => part[1] !== undefined));
}

function at(value: Plain | undefined, path: string[]): Plain | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (isFields(value)) return at(value[head], rest);
  if (!Array.isArray(value)) return undefined;
  return value.map((element) => at(element, path)).filter((one) => one !== undefined);
}
