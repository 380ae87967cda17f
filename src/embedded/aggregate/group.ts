import { CommandError } from '../errors.js';
import { isDoc, type Doc, type Value } from '../bson/value.js';
import { pause, type Paced } from '../query/scan.js';
import type { Item } from '../query/stream.js';
import { KeyWriter } from '../storage/keys.js';
import { accumulator, accumulatorNames, type Accumulator, type AccumulatorName } from './accumulate.js';
import { evaluate, parseExpression, type Expression } from './expression.js';

export interface Grouping {
  readonly id: Expression;
  readonly sums: readonly { field: string; name: AccumulatorName; expression: Expression }[];
}

/** MongoDB's limit on a group in memory; a group is counted with its key and this much per accumulator. */
const maxGroupBytes = 100 * 1024 * 1024;
const accumulatorBytes = 100;

/** @throws CommandError 9 (accumulator outside the subset), 15955, 40234, 40235 */
export function parseGroup(spec: Value): Grouping {
  if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  const id = spec.get('_id');
  if (id === undefined) throw new CommandError(15955, 'a group specification must include an _id');
  const sums = [...spec].filter(([field]) => field !== '_id').map(([field, value]) => sumOf(field, value));
  return { id: parseExpression(id), sums };
}

function sumOf(field: string, value: Value): Grouping['sums'][number] {
  if (field.includes('.') || field.startsWith('$'))
    throw new CommandError(40235, `The field name '${field}' cannot be used in $group`);
  if (!isDoc(value) || value.size !== 1)
    throw new CommandError(40234, `The field '${field}' must be an accumulator object`);
  const [[sent, argument] = ['', null]] = value;
  const name = accumulatorNames.find((one) => one === sent);
  if (!name) throw new CommandError(9, `The accumulator ${sent} is not supported by this store`);
  return { field, name, expression: parseExpression(argument) };
}

/** One document per group, in the order in which the groups were met. */
export function* group(items: Paced<Item>, grouping: Grouping): Paced<Item> {
  const groups = new Map<string, { id: Value | undefined; sums: Accumulator[] }>();
  let bytes = 0;
  for (const item of items) {
    if (item === pause) {
      yield pause;
      continue;
    }
    const id = evaluate(grouping.id, item.doc);
    const key = new KeyWriter().field(id, 1).done().toString('latin1');
    let found = groups.get(key);
    if (!found) {
      found = { id, sums: grouping.sums.map(({ name }) => accumulator(name)) };
      groups.set(key, found);
      bytes += key.length * 2 + accumulatorBytes * (grouping.sums.length + 1);
      if (bytes > maxGroupBytes) throw new CommandError(292, 'Exceeded memory limit for $group');
    }
    for (const [i, sum] of grouping.sums.entries()) found.sums[i]?.take(evaluate(sum.expression, item.doc));
  }
  for (const { id, sums } of groups.values()) {
    const doc: Doc = new Map([['_id', id ?? null]]);
    for (const [i, sum] of sums.entries()) doc.set(grouping.sums[i]?.field ?? '', sum.result());
    yield { doc };
  }
}
